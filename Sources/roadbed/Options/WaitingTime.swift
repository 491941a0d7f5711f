import ArgumentParser

/// How long a command may wait, in seconds.
enum WaitingTime {
  static let allowed = 1...86_400
  /// The default.
  static let usual = 60

  static func check(_ seconds: Int) throws {
    guard allowed.contains(seconds) else {
      throw ValidationError(
        "--timeout is \(seconds); it must be \(allowed.lowerBound) to \(allowed.upperBound) seconds.")
    }
  }
}
