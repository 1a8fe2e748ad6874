// Package cmd holds the tests that run the commands below it as a user does, by
// scripts in testdata.
package cmd
