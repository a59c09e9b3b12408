package plots

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"slices"
)

// IsFigure reports whether a file has the form of this package's figures in a format,
// whatever it shows.
func IsFigure(format string, file []byte) bool {
	switch format {
	case "svg":
		return bytes.HasPrefix(file, []byte("<?xml")) && bytes.Contains(file[:min(len(file), 400)], []byte(" role=\"img\">\n<title>"))
	case "pdf": // the date of every PDF, so that its bytes are the same each time
		return bytes.HasPrefix(file, []byte("%PDF-")) && bytes.Contains(file, []byte("/CreationDate (D:19700101000000"))
	case "png":
		return isPNG(file)
	case "csv":
		return slices.ContainsFunc(firstColumns, func(columns string) bool { return bytes.HasPrefix(file, []byte(columns)) })
	case "json":
		var all map[string]json.RawMessage
		return json.Unmarshal(file, &all) == nil && all["title"] != nil && all["columns"] != nil && all["rows"] != nil
	}

	return false
}

// firstColumns are the first columns of the CSV of every kind of figure.
var firstColumns = []string{
	"loss,parameters,kind,against,", "loss,parameters,step,kind,", "loss,parameters,what,shift,", "loss,parameter,value,moves,", "loss,parameters,moves,kind,", "loss,parameters,step,L,", "loss,step,kind,S,N_", "dataset,row,setting,value,",
	"dataset,row,metric,mean,", "row,metric,rank,", "dataset,row,quantity,seeds,step,", "file,panel,kind,from,",
}

// isPNG reports whether a PNG has exactly the chunks that this package writes, which name
// neither a program nor a profile.
func isPNG(file []byte) bool {
	signature := []byte("\x89PNG\r\n\x1a\n")
	if !bytes.HasPrefix(file, signature) {
		return false
	}

	chunks := ""
	for rest := file[len(signature):]; len(rest) >= 12; {
		kind, size := string(rest[4:8]), int64(binary.BigEndian.Uint32(rest))
		if kind != "IDAT" || chunks != "IHDR pHYs IDAT " {
			chunks += kind + " "
		}
		if size > int64(len(rest)-12) {
			return false
		}

		rest = rest[12+size:]
	}

	return chunks == "IHDR pHYs IDAT IEND "
}
