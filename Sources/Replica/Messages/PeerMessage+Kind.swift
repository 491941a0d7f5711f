internal import Primitives

extension PeerMessage {
  /// The part of a node that handles a kind of message.
  package enum Receiver: Sendable {
    case replica
    /// Reads the log for other nodes, separately from the replica.
    case responder
    /// The parts that request final blocks, to repair a damaged log or to obtain a shorter proof.
    case finalBlocks
  }

  package enum Kind: UInt8, CaseIterable, Sendable {
    case transactions = 1
    case proposal = 2
    case vote = 3
    case certificate = 4
    case status = 5
    case fetchCertificates = 6
    case fetchBlock = 7
    case block = 8
    case fetchRange = 9
    case range = 10
    case fetchSnapshot = 11
    case snapshot = 12
    case fetchChunk = 13
    case chunk = 14
    case fetchFinal = 15
    case final = 16
    case fetchClosings = 17
    case closings = 18

    /// The maximum size of a frame of this kind in bytes, including the kind byte.
    package var limit: Int {
      switch self {
      case .transactions: Limits.offeredBytes + 5 + 4 * Limits.offeredTransactions
      case .proposal: Limits.blockBytes + 512
      case .vote: 512
      case .certificate: 256 + Limits.validators * (Signature.byteCount + 1)
      case .status, .fetchCertificates, .fetchBlock, .fetchRange, .fetchSnapshot, .fetchChunk, .fetchFinal,
        .fetchClosings:
        64
      case .closings: Limits.syncClosingBytes + 64
      case .block: Limits.blockBytes + 16
      case .range: Limits.frameBytes
      case .snapshot: Limits.manifestBytes + 16
      case .chunk: Limits.snapshotChunkBytes + 32
      case .final: Limits.finalBytes + 32
      }
    }

    package var receiver: Receiver {
      switch self {
      case .transactions, .proposal, .vote, .certificate, .status, .fetchCertificates, .fetchBlock, .block, .fetchRange,
        .range, .fetchSnapshot, .snapshot, .fetchChunk, .chunk, .fetchClosings, .closings:
        .replica
      case .fetchFinal: .responder
      case .final: .finalBlocks
      }
    }

    /// The kind of a frame, from its first byte; nil if there is no such kind.
    package init?(of frame: [UInt8]) {
      guard let first = frame.first else { return nil }
      self.init(rawValue: first)
    }
  }

  package var kind: Kind {
    switch self {
    case .transactions: .transactions
    case .proposal: .proposal
    case .vote: .vote
    case .certificate: .certificate
    case .status: .status
    case .fetchCertificates: .fetchCertificates
    case .fetchBlock: .fetchBlock
    case .block: .block
    case .fetchRange: .fetchRange
    case .range: .range
    case .fetchSnapshot: .fetchSnapshot
    case .snapshot: .snapshot
    case .fetchChunk: .fetchChunk
    case .chunk: .chunk
    case .fetchFinal: .fetchFinal
    case .final: .final
    case .fetchClosings: .fetchClosings
    case .closings: .closings
    }
  }
}
