package import Primitives

/// What must be known about the pruned part of a log: the height up to which its blocks are gone, and what it said
/// about voting. The log keeps it as the bytes of the carry (`BlockLog.prune`).
package struct LogBase: Equatable, Sendable {
  /// Blocks above this height are completely in the log.
  package var height: Height
  package var origin: LogOrigin
  /// The last voting bar. Like those of `VotingBar`, the bytes name no epoch.
  package var votingBar: Round?
  /// Whether the pruned part said that own votes may be lost and set no bar after that.
  package var areVotesLost: Bool

  package init(height: Height, origin: LogOrigin, votingBar: Round?, areVotesLost: Bool = false) {
    self.height = height
    self.origin = origin
    self.votingBar = votingBar
    self.areVotesLost = areVotesLost
  }

  /// Encodes version, height, origin, 1 if votes may be lost, otherwise 0, then 1 and the bar, or 0.
  package func encoded() -> [UInt8] {
    var writer = Writer(capacity: 24)
    writer.byte(1)
    writer.integer(height.rawValue)
    writer.byte(origin.rawValue)
    writer.byte(areVotesLost ? 1 : 0)
    writer.byte(votingBar == nil ? 0 : 1)
    if let votingBar { writer.integer(votingBar.view.rawValue) }
    return writer.bytes
  }

  /// - Parameter epoch: the epoch that begins with genesis.
  package init(_ bytes: [UInt8], epoch: Epoch) throws(CodecError) {
    self = try Reader.whole(bytes) { (reader) throws(CodecError) in
      let version = try reader.byte()
      guard version == 1 else { throw .unknown(field: "log base version", value: UInt64(version)) }
      let height = Height(try reader.integer())
      let origin = try LogOrigin(from: &reader)
      let areVotesLost = try Self.flag(&reader, "lost votes flag")
      let bar = try Self.flag(&reader, "bar flag") ? Round(epoch: epoch, view: View(try reader.integer())) : nil
      return LogBase(height: height, origin: origin, votingBar: bar, areVotesLost: areVotesLost)
    }
  }

  private static func flag(_ reader: inout Reader, _ field: StaticText) throws(CodecError) -> Bool {
    let raw = try reader.byte()
    guard raw <= 1 else { throw .unknown(field: field, value: UInt64(raw)) }
    return raw == 1
  }
}
