// SPDX-License-Identifier: MIT OR BSL-1.0
// What the echo servers in Go have in common: a goroutine a connection.
package main

import (
	"fmt"
	"net"
	"os"
)

const bufferSize = 16384

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(connection net.Conn) {
	defer connection.Close()
	buffer := make([]byte, bufferSize)
	for {
		n, err := connection.Read(buffer)
		if err != nil {
			return
		}
		if _, err = connection.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func accept(listener net.Listener, serve func(net.Conn)) {
	for {
		connection, err := listener.Accept()
		check(err)
		go serve(connection)
	}
}
