internal import Cryptography
internal import Primitives
internal import Replica
internal import Synchronization

/// Signs as the validator of the recorded run did, behind the production guard, so that the recorded certificates
/// contain no unknown signature of its own. A statement that was not signed then gets a tag that depends on the
/// statement.
final class RecordedSigner: VoteSigner {
  private let recorded: [[UInt8]: Signature]
  private let chain: ChainContext
  private let memory: Mutex<VoteGuard>

  /// - Parameter memory: what the log says was signed before.
  init(_ recorded: [[UInt8]: Signature], _ chain: ChainContext, _ memory: VoteGuard) {
    self.recorded = recorded
    self.chain = chain
    self.memory = Mutex(memory)
  }

  var isElsewhere: Bool { false }

  func sign(_ statement: Statement, with key: PublicKey) throws(SigningRefusal) -> Signature {
    let conflict = memory.withLock { memory -> Statement? in
      if let conflict = memory.conflict(with: statement) { return conflict }
      memory.remember(statement)
      return nil
    }
    if let conflict { throw .conflict(with: conflict, refused: statement) }
    let message = statement.signedBytes(chain)
    return recorded[message] ?? Self.tag(message)
  }

  func finalized(_ round: Round) { memory.withLock { $0.raiseFloor(to: round) } }

  static func tag(_ message: [UInt8]) -> Signature {
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in message { sum = (sum ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return Signature(first: Digest(sum, 0, 0, 1), second: Digest(sum, 0, 0, 2))
  }
}
