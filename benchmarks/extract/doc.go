// Package extract turns images into features: a list of images and a network in, a file
// of one row an image out.
//
// [Find] lists images in an order that does not depend on the machine. [Preprocessing]
// makes the input of a network of an image file, with the bytes of Pillow's resampling
// and the numbers of torchvision's transforms. A [Backbone] gives the outputs of a batch;
// [OpenONNX] makes one of an ONNX file, in programs that are built with the tag onnx. A
// [Job] runs all images through it and keeps what is done in a file. [Features] are
// written as safetensors or npy.
//
// Equal images, network, preprocessing and batch size give equal bytes for any number of
// workers, and whether or not the job was interrupted.
package extract
