package peer
const Us = "symgrad"
