import Consensus
import Primitives

/// One machine, driven by hand. Four validators unless told; it is number 0, so it leads views 4, 8, 12…
struct ConsensusHarness: ~Copyable {
  static let genesis = Digest(0xAAAA, 0, 0, 1)
  static let delta: UInt64 = 1_000
  static let retry: UInt64 = 500

  var machine: Consensus
  var now: UInt64 = 0
  let validators: Int
  let own: Int

  init(
    validators: Int = 4, own: Int? = 0, restored: RestoredConsensus = RestoredConsensus(), silence: UInt64 = 1_000_000,
    cap: UInt64 = 8_000, epoch: Epoch = .first
  ) {
    self.validators = validators
    self.own = own ?? -1
    let configuration = ConsensusConfiguration(
      validators: validatorSet(validators, epoch: epoch), own: own.map { ValidatorIndex(UInt16($0)) },
      openingBlock: Self.genesis,
      deltaMicroseconds: Self.delta, maximumDeltaMicroseconds: cap, retryMicroseconds: Self.retry,
      silenceMicroseconds: silence)
    machine = Consensus(configuration, restored: restored, now: Tick(0))
  }

  /// Feeds one input and returns the effects.
  @discardableResult
  mutating func feed(_ input: ConsensusInput) -> [ConsensusEffect] {
    var effects: [ConsensusEffect] = []
    machine.step(input, now: Tick(now), effects: &effects)
    machine.checkInvariants()
    return effects
  }

  /// Feeds several inputs at one time and returns all effects.
  @discardableResult
  mutating func feed(all inputs: [ConsensusInput]) -> [ConsensusEffect] {
    var effects: [ConsensusEffect] = []
    for input in inputs { effects += feed(input) }
    return effects
  }

  /// Lets time pass, with a tick at its end.
  @discardableResult
  mutating func wait(_ microseconds: UInt64) -> [ConsensusEffect] {
    now += microseconds
    return feed(.tick)
  }

  var quorum: Int { Quorum(validators: validators).size }

  /// A certificate by the validators of the lowest indices, not counting `without`.
  func certificate(_ statement: Statement, without: Set<Int> = []) -> Certificate {
    let signers = (0..<validators).filter { !without.contains($0) }.prefix(quorum)
    return Certificate(
      statement: statement, signers: signers.map { ValidatorIndex(UInt16($0)) },
      signatures: signers.map { vote(statement, $0).signature })
  }

  /// One by the validators of the highest indices, so that number 0 is not among them.
  func others(_ statement: Statement) -> Certificate { certificate(statement, without: [0]) }
}

/// Those who said nothing in a view that is given up get what leads there.
func brought(_ certificate: Certificate, to validators: [UInt16]) -> [ConsensusEffect] {
  validators.map { .answer(certificate, to: ValidatorIndex($0)) }
}

func block(_ number: UInt64) -> Digest { Digest(number, 0, 0, number) }
func result(_ number: UInt64) -> Digest { Digest(number, 0, 1, number) }

func proposal(_ view: UInt64, on parent: UInt64, block number: UInt64? = nil) -> Proposal {
  Proposal(epoch: .first, view: View(view), parent: View(parent), block: block(number ?? view))
}

func notarize(_ view: UInt64, on parent: UInt64, block number: UInt64? = nil) -> Statement {
  .notarize(proposal(view, on: parent, block: number))
}

func nullify(_ view: UInt64) -> Statement { .nullify(epoch: .first, view: View(view)) }

func finalize(_ view: UInt64, on parent: UInt64, result number: UInt64? = nil) -> Statement {
  .finalize(proposal(view, on: parent), result: result(number ?? view))
}

/// The signature depends on `salt`: two votes that say the same need not have the same bytes.
func vote(_ statement: Statement, _ signer: Int, salt: UInt64 = 0) -> Vote {
  let bytes = Digest(UInt64(signer), UInt64(statement.kind.rawValue), statement.view.rawValue, salt)
  return Vote(
    statement: statement, signer: ValidatorIndex(UInt16(signer)), signature: Signature(first: bytes, second: bytes))
}

extension [ConsensusEffect] {
  var votes: [Statement] {
    compactMap { if case .vote(let statement) = $0 { statement } else { nil } }
  }

  var fetches: [FetchRequest] {
    compactMap { if case .fetch(let request) = $0 { request } else { nil } }
  }

  var entered: [View] {
    compactMap { if case .enter(let view) = $0 { view } else { nil } }
  }
}
