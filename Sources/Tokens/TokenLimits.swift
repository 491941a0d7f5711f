/// The limits of what a URI may say and a token may answer. A token is a device of strangers, so its lengths are checked.
enum TokenLimits {
  static let uriBytes = 2048
  /// Labels and identifiers of objects, for which the standard has no limit.
  static let nameBytes = 255
  static let pinBytes = 255
  static let slots = 256
  static let mechanisms = 4096
  /// The most keys that a token may hold.
  static let objects = 1024
  static let attributeBytes = 4096
  /// The least time between two restarts of a module, in which it looks for tokens that have come back.
  static let restartPause = Duration.seconds(1)
}
