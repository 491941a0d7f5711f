/// A peer that recently sent something that a correct node never sends.
public struct MisbehavingPeer: Codable, Hashable, Sendable {
  /// The validator's name.
  public var peer: String
  /// What it did last.
  public var code: String
  public var message: String
  /// How often since the node started.
  public var times: UInt64
  /// How long ago the last time was.
  public var millisecondsAgo: UInt64

  public init(peer: String, code: String, message: String, times: UInt64, millisecondsAgo: UInt64) {
    self.peer = peer
    self.code = code
    self.message = message
    self.times = times
    self.millisecondsAgo = millisecondsAgo
  }
}
