package import Ledger
package import Primitives

/// A message between validators. Each frame is one message: a kind byte, then the fields.
///
/// Documentation/formats-peers.md defines every byte. Decoding is strict and bounded; blocks and transactions stay
/// encoded here and are decoded where they are needed.
package enum PeerMessage: Equatable, Sendable {
  /// Signed transactions that the sender holds in its mempool.
  case transactions([[UInt8]])
  /// The leader's notarize vote, together with its block.
  case proposal(Vote, block: [UInt8])
  case vote(Vote)
  case certificate(Certificate)
  /// The sender's progress. It is an unproven claim that moves no target; it only tells a listening node when to vote
  /// again and lets a peer that is ahead send its certificate.
  case status(PeerStatus)
  /// Requests the certificates of the views `from...to` of an epoch.
  case fetchCertificates(of: Epoch, from: View, to: View)
  /// Requests one block by its digest.
  case fetchBlock(Digest)
  case block([UInt8])
  /// Requests final blocks from a height on.
  case fetchRange(from: Height)
  case range(BlockRange)
  /// Requests the manifest of the newest snapshot above a height.
  case fetchSnapshot(above: Height)
  /// An encoded `SnapshotManifest`.
  case snapshot([UInt8])
  /// Requests a chunk of the snapshot of a height.
  case fetchChunk(Height, index: UInt32)
  /// A chunk of the snapshot of a height; empty if the sender does not have it.
  case chunk(Height, index: UInt32, bytes: [UInt8])
  /// Requests one final block with its proof, to repair a damaged log or to obtain a shorter proof.
  case fetchFinal(Height)
  /// An encoded `FinalRecord` of a height; empty if the sender does not have that block.
  case final(Height, [UInt8])
  /// Requests the closings of the epochs from this one on.
  case fetchClosings(from: Epoch)
  /// Closings of consecutive epochs, beginning with the one that was asked for.
  case closings(Closings)

  /// The epoch that the message is about; nil if it is about none.
  package var epoch: Epoch? {
    switch self {
    case .proposal(let vote, _), .vote(let vote): vote.statement.epoch
    case .certificate(let certificate): certificate.statement.epoch
    case .status(let status): status.epoch
    case .fetchCertificates(let epoch, _, _): epoch
    case .transactions, .fetchBlock, .block, .fetchRange, .range, .fetchSnapshot, .snapshot, .fetchChunk, .chunk,
      .fetchFinal, .final, .fetchClosings, .closings:
      nil
    }
  }

  package func encoded() -> [UInt8] {
    var writer = Writer(capacity: 256)
    writer.byte(kind.rawValue)
    switch self {
    case .transactions(let transactions):
      writer.count(transactions.count)
      for transaction in transactions { writer.longBytes(transaction) }
    case .proposal(let vote, let block):
      vote.encode(into: &writer)
      writer.longBytes(block)
    case .vote(let vote):
      vote.encode(into: &writer)
    case .certificate(let certificate):
      certificate.encode(into: &writer)
    case .status(let status):
      writer.integer(status.epoch.rawValue)
      writer.integer(status.view.rawValue)
      writer.integer(status.finalizedView.rawValue)
      writer.integer(status.height.rawValue)
    case .fetchCertificates(let epoch, let from, let to):
      writer.integer(epoch.rawValue)
      writer.integer(from.rawValue)
      writer.integer(to.rawValue)
    case .fetchBlock(let digest):
      writer.digest(digest)
    case .block(let bytes):
      writer.longBytes(bytes)
    case .fetchRange(let from):
      writer.integer(from.rawValue)
    case .range(let range):
      range.encode(into: &writer)
    case .fetchSnapshot(let height):
      writer.integer(height.rawValue)
    case .snapshot(let manifest):
      writer.longBytes(manifest)
    case .fetchChunk(let height, let index):
      writer.integer(height.rawValue)
      writer.integer(index)
    case .chunk(let height, let index, let bytes):
      writer.integer(height.rawValue)
      writer.integer(index)
      writer.longBytes(bytes)
    case .fetchFinal(let height):
      writer.integer(height.rawValue)
    case .final(let height, let bytes):
      writer.integer(height.rawValue)
      writer.longBytes(bytes)
    case .fetchClosings(let epoch):
      writer.integer(epoch.rawValue)
    case .closings(let closings):
      closings.encode(into: &writer)
    }
    return writer.bytes
  }

  package init(_ bytes: [UInt8]) throws(CodecError) {
    self = try Reader.whole(bytes) { (reader) throws(CodecError) in try PeerMessage(from: &reader) }
  }

  private init(from reader: inout Reader) throws(CodecError) {
    let raw = try reader.byte()
    guard let kind = Kind(rawValue: raw) else { throw .unknown(field: "message kind", value: UInt64(raw)) }
    switch kind {
    case .transactions:
      let count = try reader.count(limit: Limits.offeredTransactions, "offered transactions")
      var transactions: [[UInt8]] = []
      transactions.reserveCapacity(count)
      for _ in 0..<count {
        transactions.append(try reader.longBytes(limit: Limits.transactionBytes, "transaction"))
      }
      self = .transactions(transactions)
    case .proposal:
      let vote = try Vote(from: &reader)
      guard case .notarize = vote.statement else { throw .invalid(field: "proposal's vote") }
      self = .proposal(vote, block: try reader.longBytes(limit: Limits.blockBytes, "block"))
    case .vote:
      self = .vote(try Vote(from: &reader))
    case .certificate:
      self = .certificate(try Certificate(from: &reader))
    case .status:
      self = .status(
        PeerStatus(
          epoch: Epoch(try reader.integer()), view: View(try reader.integer()),
          finalizedView: View(try reader.integer()), height: Height(try reader.integer())))
    case .fetchCertificates:
      self = .fetchCertificates(
        of: Epoch(try reader.integer()), from: View(try reader.integer()), to: View(try reader.integer()))
    case .fetchBlock:
      self = .fetchBlock(try reader.digest())
    case .block:
      self = .block(try reader.longBytes(limit: Limits.blockBytes, "block"))
    case .fetchRange:
      self = .fetchRange(from: Height(try reader.integer()))
    case .range:
      self = .range(try BlockRange(from: &reader))
    case .fetchSnapshot:
      self = .fetchSnapshot(above: Height(try reader.integer()))
    case .snapshot:
      self = .snapshot(try reader.longBytes(limit: Limits.manifestBytes, "manifest"))
    case .fetchChunk:
      self = .fetchChunk(Height(try reader.integer()), index: try reader.integer())
    case .chunk:
      self = .chunk(
        Height(try reader.integer()), index: try reader.integer(),
        bytes: try reader.longBytes(limit: Limits.snapshotChunkBytes, "chunk"))
    case .fetchFinal:
      self = .fetchFinal(Height(try reader.integer()))
    case .final:
      self = .final(Height(try reader.integer()), try reader.longBytes(limit: Limits.finalBytes, "final block"))
    case .fetchClosings:
      self = .fetchClosings(from: Epoch(try reader.integer()))
    case .closings:
      let closings = try Closings(from: &reader)
      guard (1...Limits.syncClosings).contains(closings.list.count) else { throw .invalid(field: "closings") }
      self = .closings(closings)
    }
  }
}
