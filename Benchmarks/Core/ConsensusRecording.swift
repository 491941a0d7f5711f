import Consensus
import Primitives

/// A cluster of machines without faults that always has transactions, and the recorded inputs of each machine.
///
/// Messages arrive in the order in which they are sent, and answers come without delay, so no deadline passes.
struct ConsensusRecording {
  struct Input {
    var tick: Tick
    var input: ConsensusInput
  }

  private final class Node {
    var machine: Consensus

    init(_ machine: consuming Consensus) { self.machine = machine }
  }

  /// The recorded inputs, by validator.
  private(set) var inputs: [[Input]]
  private(set) var lastFinalized: [BlockReference] = []
  private(set) var effects = 0

  private let validatorSet: ValidatorSet
  private var validators: Int { validatorSet.count }
  private var nodes: [Node] = []
  private var queue: [(to: Int, input: ConsensusInput)] = []
  private var now = Tick(1_000_000)
  private var fault: String?
  private static let genesis = Digest(0xAAAA, 0, 0, 1)

  /// Runs until every validator has seen `views` final views.
  init(validators: Int, views: UInt64) throws {
    // Nothing is signed or verified here, so the keys need not be real.
    validatorSet = ValidatorSet(
      epoch: .first,
      validators: (0..<validators).map { number in
        let digest = Digest(UInt64(number), 0, 0, 0)
        return Validator(name: "v\(number)", voteKey: PublicKey(prefix: 2, body: digest))
      })
    inputs = Array(repeating: [], count: validators)
    nodes = (0..<validators).map { Node(machine($0)) }
    for validator in 0..<validators {
      queue.append((validator, .tick))
      for other in 0..<validators where other != validator {
        queue.append((validator, .linked(ValidatorIndex(UInt16(other)), true)))
      }
      queue.append((validator, .work(true)))
    }
    while nodes.contains(where: { $0.machine.lastFinalized.view.rawValue < views }) {
      guard !queue.isEmpty else { throw BenchError("the machines of \(validators) stand still") }
      deliver()
      if let fault { throw BenchError(fault) }
    }
    lastFinalized = nodes.map { $0.machine.lastFinalized }
  }

  /// A machine in its initial state.
  func machine(_ validator: Int) -> Consensus {
    Consensus(
      ConsensusConfiguration(
        validators: validatorSet, own: ValidatorIndex(UInt16(validator)), openingBlock: Self.genesis),
      now: Tick(0))
  }

  /// Delivers the waiting inputs. Any inputs that result are delivered in the next turn, one message delay later.
  private mutating func deliver() {
    var waiting: [(to: Int, input: ConsensusInput)] = []
    swap(&waiting, &queue)
    now = now.advanced(byMicroseconds: 100)
    var found: [ConsensusEffect] = []
    for (validator, input) in waiting {
      // The replica drops certificates that are already held before it asks the machine.
      if case .certificate(let certificate) = input, isKnown(certificate, validator) { continue }
      inputs[validator].append(Input(tick: now, input: input))
      nodes[validator].machine.step(input, now: now, effects: &found)
      effects += found.count
      for effect in found { perform(effect, validator) }
      found.removeAll(keepingCapacity: true)
    }
  }

  private func isKnown(_ certificate: Certificate, _ validator: Int) -> Bool {
    certificate.view <= nodes[validator].machine.lastFinalized.view
      || nodes[validator].machine.certificate(for: certificate.round, certificate.kind) != nil
  }

  private mutating func perform(_ effect: ConsensusEffect, _ validator: Int) {
    switch effect {
    case .vote(let statement):
      let vote = Vote(
        statement: statement, signer: ValidatorIndex(UInt16(validator)),
        signature: Signature(first: Digest(UInt64(validator), 1, 2, 3), second: .zero))
      queue.append((validator, .vote(vote)))
      send(.vote(vote), from: validator)
    case .broadcast(let certificate): send(.certificate(certificate), from: validator)
    case .build(let round, let parent, _):
      queue.append((validator, .built(round, block: Digest(round.view.rawValue, parent.block.word0, 0xB, 0))))
    case .check(let proposal, _): queue.append((validator, .checked(proposal, valid: true)))
    case .certify(let proposal, _):
      queue.append((validator, .certified(proposal, result: Digest(proposal.view.rawValue, 0, 0xEE, 0))))
    case .append, .enter, .finalized: break
    case .resend, .resendCertificate, .answer, .fetch, .evidence, .ownKeyElsewhere, .contradiction, .gaveUp:
      fault = "validator \(validator) of \(validators) asks for what nobody needs without a fault: \(effect)"
    }
  }

  /// Sends an input to all other validators, preceded by the notice that the sender was heard.
  private mutating func send(_ input: ConsensusInput, from validator: Int) {
    for other in 0..<validators where other != validator {
      queue.append((other, .heard(ValidatorIndex(UInt16(validator)))))
      queue.append((other, input))
    }
  }
}
