package provider

// NewLimitedServer is [NewServer] with another limit of state.
var NewLimitedServer = newServer
