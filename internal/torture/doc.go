// Package torture holds tests that mistreat the program itself: processes are killed at
// any instant, stopped, run into one folder with unlike specs, and given a full disk;
// files of a results folder are damaged. Afterwards one undisturbed run must leave the
// bytes that a folder has to which nothing was done. They run by make torture only.
package torture
