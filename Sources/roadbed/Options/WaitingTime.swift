import ArgumentParser

/// How long a command may be told to wait, in seconds.
enum WaitingTime {
  static let allowed = 1...86_400
  /// Unless the user says otherwise.
  static let usual = 60

  static func check(_ seconds: Int) throws {
    guard allowed.contains(seconds) else {
      throw ValidationError(
        "--timeout is \(seconds); allowed are \(allowed.lowerBound) to \(allowed.upperBound) seconds.")
    }
  }
}
