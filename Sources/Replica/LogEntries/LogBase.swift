package import Primitives

/// What must be known about the pruned part of a log: the height up to which its blocks are gone, and what it said
/// about voting. The log keeps it as the bytes of the carry (`BlockLog.prune`).
package struct LogBase: Equatable, Sendable {
  /// Blocks above this height are completely in the log.
  package var height: Height
  package var origin: LogOrigin
  /// The last voting bar.
  package var votingBar: Round?
  /// Whether the pruned part said that own votes may be lost and set no bar after that.
  package var areVotesLost: Bool

  package init(height: Height, origin: LogOrigin, votingBar: Round?, areVotesLost: Bool = false) {
    self.height = height
    self.origin = origin
    self.votingBar = votingBar
    self.areVotesLost = areVotesLost
  }

  /// Encodes version, height, origin, 1 if votes may be lost, otherwise 0, then 1 and the view of the bar, or 0. Version 2
  /// has the epoch of the bar before its view; version 1 is of those without a bar and with one of the first epoch.
  package func encoded() -> [UInt8] {
    var writer = Writer(capacity: 32)
    let epoch = votingBar?.epoch ?? .first
    writer.byte(epoch == .first ? 1 : 2)
    writer.integer(height.rawValue)
    writer.byte(origin.rawValue)
    writer.byte(areVotesLost ? 1 : 0)
    writer.byte(votingBar == nil ? 0 : 1)
    if let votingBar {
      if epoch != .first { writer.integer(epoch.rawValue) }
      writer.integer(votingBar.view.rawValue)
    }
    return writer.bytes
  }

  package init(_ bytes: [UInt8]) throws(CodecError) {
    self = try Reader.whole(bytes) { (reader) throws(CodecError) in
      let version = try reader.byte()
      guard (1...2).contains(version) else { throw .unknown(field: "log base version", value: UInt64(version)) }
      let height = Height(try reader.integer())
      let origin = try LogOrigin(from: &reader)
      let areVotesLost = try Self.flag(&reader, "lost votes flag")
      var bar: Round?
      if try Self.flag(&reader, "bar flag") {
        let epoch = version == 1 ? Epoch.first : Epoch(try reader.integer())
        bar = Round(epoch: epoch, view: View(try reader.integer()))
      }
      guard version == 1 || bar.map({ $0.epoch > .first }) ?? false else {
        throw .invalid(field: "log base (version 2 is of a bar of a later epoch than the first)")
      }
      return LogBase(height: height, origin: origin, votingBar: bar, areVotesLost: areVotesLost)
    }
  }

  private static func flag(_ reader: inout Reader, _ field: StaticText) throws(CodecError) -> Bool {
    let raw = try reader.byte()
    guard raw <= 1 else { throw .unknown(field: field, value: UInt64(raw)) }
    return raw == 1
  }
}
