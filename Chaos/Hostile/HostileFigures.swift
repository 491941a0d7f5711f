/// What the hostile validator has done since it started.
struct HostileFigures: Codable, Sendable {
  var frames: UInt64 = 0
  var bytes: UInt64 = 0
  var links: UInt64 = 0
  /// Answers and other frames that it has read.
  var framesRead: UInt64 = 0
  /// Links that are open now.
  var openLinks = 0

  func since(_ earlier: HostileFigures) -> HostileFigures {
    HostileFigures(
      frames: frames - earlier.frames, bytes: bytes - earlier.bytes, links: links - earlier.links,
      framesRead: framesRead - earlier.framesRead, openLinks: openLinks)
  }
}
