extension ClientAddress {
  /// This address's share of a limit on work. Programs on this machine, such as a proxy that serves many clients, may
  /// use all but one share, so that others are not kept out altogether.
  func share(of whole: Int, _ divisor: Int) -> Int {
    let share = max(1, whole / divisor)
    return isLoopback ? max(share, whole - share) : share
  }
}
