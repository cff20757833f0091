// SPDX-License-Identifier: MIT OR BSL-1.0
// A goroutine a connection over crypto/tls, where Go is installed. Prints "port N".
// usage: tls_echo_go CERTIFICATE KEY
package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
)

func serve(connection net.Conn) {
	defer connection.Close()
	buffer := make([]byte, 16384)
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

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: tls_echo_go CERTIFICATE KEY")
		os.Exit(2)
	}
	identity, err := tls.LoadX509KeyPair(os.Args[1], os.Args[2])
	check(err)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{identity}})
	check(err)
	fmt.Println("port", listener.Addr().(*net.TCPAddr).Port)
	for {
		connection, err := listener.Accept()
		check(err)
		go serve(connection)
	}
}
