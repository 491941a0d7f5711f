/// Flow control of what a link reads: while the replica is full, an open link asks its socket for nothing.
struct ReadGate {
  /// A read was asked for and not passed on.
  private(set) var isHeld = false

  /// Whether a read may be passed on to the socket now. If not, it is held until `release`.
  mutating func admit(isOpen: Bool, isFull: Bool) -> Bool {
    guard isOpen, isFull else { return true }
    isHeld = true
    return false
  }

  /// The replica has room again. True if a read was held and is to be passed on.
  mutating func release() -> Bool {
    defer { isHeld = false }
    return isHeld
  }
}
