// A server of MongoDB's wire protocol over SQLite, for the matrix: ferretdb ADDRESS FOLDER. Neither Debian nor npm has
// one, and FerretDB's own command cannot be built by go install.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	f, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: os.Args[1]},
		Handler:   "sqlite",
		SQLiteURL: "file:" + os.Args[2] + "/",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f.MongoDBURI())
	if err := f.Run(context.Background()); err != nil {
		log.Fatal(err)
	}
}
