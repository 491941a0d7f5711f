/// Flow control of a link's input: while the replica is full, an open link requests nothing from its socket.
struct ReadGate {
  /// Whether a read was requested but not passed on.
  private(set) var isHeld = false

  /// Whether a read may be passed on to the socket now. If not, it is held until `release`.
  mutating func admit(isOpen: Bool, isFull: Bool) -> Bool {
    guard isOpen, isFull else { return true }
    isHeld = true
    return false
  }

  /// Called when the replica has room again. Returns whether a read was held and must now be passed on.
  mutating func release() -> Bool {
    defer { isHeld = false }
    return isHeld
  }
}
