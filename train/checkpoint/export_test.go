package checkpoint

// Checksum lets tests seal a file that they have changed.
var Checksum = checksum
