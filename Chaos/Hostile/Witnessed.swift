import Cryptography
import Ledger
import Primitives
import Replica

/// What the hostile validator has learnt from its links: enough to forge what looks as if it belonged there.
struct Witnessed: Sendable {
  /// The greatest view that anybody voted in, or that was certified.
  private(set) var view = View(1)
  private(set) var finalView = View.genesis
  private(set) var height = Height.genesis
  /// Proposals of the newest views, with their blocks.
  private(set) var proposals: [View: (proposal: Proposal, block: Block)] = [:]
  /// The newest view whose block somebody executed, and the result. One may build on it.
  private(set) var usable: (proposal: Proposal, result: Digest)?
  /// Genuine transactions and frames, of which the newest replace the oldest.
  private(set) var transactions: [[UInt8]] = []
  private(set) var frames: [[UInt8]] = []
  private(set) var manifest: [UInt8]?
  private(set) var manifestHeight = Height.genesis

  static let kept = 512

  private var seenTransactions = 0
  private var seenFrames = 0

  mutating func see(_ frame: [UInt8], _ chain: ChainContext, _ hash: inout HashFunction) {
    guard let message = try? PeerMessage(frame) else { return }
    if frame.count < 1 << 16 {
      Self.keep(frame, in: &frames, &seenFrames)
    }
    switch message {
    case .vote(let vote): see(vote.statement)
    case .proposal(let vote, let bytes):
      see(vote.statement)
      guard let proposal = vote.statement.proposal, proposals[proposal.view] == nil,
        let block = try? Block(bytes: bytes, chain: chain, hash: &hash)
      else { break }
      proposals[proposal.view] = (proposal, block)
      for index in 0..<min(block.count, 16) {
        Self.keep(SignedTransaction(block.transaction(at: index)).bytes, in: &transactions, &seenTransactions)
      }
      if proposals.count > 64, let oldest = proposals.keys.min() { proposals[oldest] = nil }
    case .certificate(let certificate):
      see(certificate.statement)
      if certificate.kind == .finalize { finalView = max(finalView, certificate.view) }
    case .status(let status):
      view = max(view, status.view)
      finalView = max(finalView, status.finalizedView)
      height = max(height, status.height)
    case .transactions(let offered):
      for bytes in offered { Self.keep(bytes, in: &transactions, &seenTransactions) }
    case .snapshot(let bytes):
      guard let snapshot = try? SnapshotManifest(bytes, chain: chain) else { break }
      manifest = bytes
      manifestHeight = snapshot.height
    default: break
    }
  }

  private mutating func see(_ statement: Statement) {
    view = max(view, statement.view)
    guard case .finalize(let proposal, let result) = statement else { return }
    if usable.map({ $0.proposal.view < proposal.view }) ?? true { usable = (proposal, result) }
  }

  private static func keep(_ bytes: [UInt8], in kept: inout [[UInt8]], _ count: inout Int) {
    if kept.count < Witnessed.kept { kept.append(bytes) } else { kept[count % Witnessed.kept] = bytes }
    count += 1
  }

  /// The header of a block on the newest usable view, and that view; nil if its block is not known here.
  func next(_ chain: ChainContext) -> (header: BlockHeader, parent: View)? {
    guard let usable, let parent = proposals[usable.proposal.view]?.block, parent.digest == usable.proposal.block,
      let height = parent.height.next
    else { return nil }
    let header = BlockHeader(
      height: height, parent: parent.digest, parentResult: usable.result,
      timestamp: parent.header.timestamp.advanced(byMilliseconds: 1), transactionCount: 0, transactionRoot: .zero)
    return (header, usable.proposal.view)
  }
}
