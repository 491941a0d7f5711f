import Consensus
import Primitives

/// A small world of machines: seeded delays, losses and crashes, logs with a durable prefix, blocks that are
/// only digests and lists of numbers. One run is a function of its settings.
final class Network {
  struct Settings {
    var validators = 4
    var seed: UInt64 = 1
    /// Validators whose key runs in two instances, each with an audience of its own, that also vote at random.
    var byzantine: Set<Int> = []
    var delay: ClosedRange<UInt64> = 100...2_000
    /// Of a thousand messages.
    var loss: UInt64 = 0
    var duplication: UInt64 = 0
    var sync: ClosedRange<UInt64> = 50...1_500
    var execution: ClosedRange<UInt64> = 50...1_500
    var delta: UInt64 = 10_000
    var cap: UInt64 = 80_000
    var retry: UInt64 = 15_000
    var silence: UInt64 = 1_000_000
    /// How often nodes say that they are there; 0 for never.
    var keepAlive: UInt64 = 0
    var defect: Defect?
  }

  /// Deliberate mistakes of the node around the machine: the spy must see every one of them.
  enum Defect: CaseIterable {
    /// Votes leave before their record is durable.
    case sendBeforeSync
    /// Own votes are not restored.
    case forgetOwnVotes
    /// Only own nullifies are not restored.
    case forgetNullifies
    /// A vote is counted for a second signer too.
    case countTwice
    /// A leader that starts again builds another block for the view it proposed in.
    case proposeAgain
  }

  enum Message {
    case vote(Vote)
    case certificate(Certificate)
    case request(FetchRequest)
    case offer(Int)
    case keepAlive
  }

  enum Record {
    case vote(Vote)
    case certificate(Certificate)
  }

  struct Block {
    var parent: Digest
    var transactions: [Int]
    var valid = true
  }

  /// One running copy of a key. Honest validators have one.
  struct Instance {
    var validator: Int
    var machine: Consensus?
    /// Rises with every start; what belonged to an earlier life is not delivered.
    var life = 0
    var log: [Record] = []
    var durable = 0
    var pool: Set<Int> = []
    var chain: [Digest]
    var scheduled: UInt64?
    var view = View(0)
    var byzantine: Bool
    var stopped = false
    var gaveUp: [TimeoutReason] = []
  }

  enum Event {
    case deliver(from: Int, to: Int, Message)
    case durable(Int, life: Int, position: Int)
    case input(Int, life: Int, ConsensusInput)
    case tick(Int, life: Int)
    case work(Int, life: Int)
    case offer
    case keepAlive
    case act(@Sendable (Network) -> Void)
  }

  var settings: Settings
  var random: SeededGenerator
  var now: UInt64 = 1_000
  var queue = EventQueue<Event>()
  var instances: [Instance] = []
  var blocks: [Digest: Block] = [:]
  var spy: Spy
  /// Pairs between which nothing passes.
  var cut: Set<[Int]> = []
  var sent = 0
  var steps = 0
  var evidence: Set<Int> = []
  var elsewhere: Set<Int> = []
  /// When a transaction was first final at each validator.
  var finalizedAt: [Int: [Int: UInt64]] = [:]
  /// Looks at every effect of an honest validator before it is carried out.
  var watch: ((Int, ConsensusEffect) -> Void)?
  private var salt: UInt64 = 0
  private var effects: [ConsensusEffect] = []
  private var offering = false

  /// More than any run of these tests needs: messages that breed messages end here.
  static let mostSteps = 400_000

  static let genesis = Digest(0xAAAA, 0, 0, 1)

  init(_ settings: Settings) {
    self.settings = settings
    random = SeededGenerator(seed: settings.seed)
    spy = Spy(validators: settings.validators, genesis: Self.genesis)
    blocks[Self.genesis] = Block(parent: .zero, transactions: [])
    for validator in 0..<settings.validators {
      let byzantine = settings.byzantine.contains(validator)
      for _ in 0..<(byzantine ? 2 : 1) {
        instances.append(Instance(validator: validator, chain: [Self.genesis], byzantine: byzantine))
      }
    }
    for index in instances.indices { start(index) }
    if settings.keepAlive > 0 { queue.push(.keepAlive, at: now + settings.keepAlive) }
  }

  var honest: [Int] { instances.indices.filter { !instances[$0].byzantine } }

  func instance(of validator: Int) -> Int {
    instances.firstIndex { $0.validator == validator } ?? 0
  }

  // MARK: Running

  func run(until end: UInt64) {
    while let tick = queue.nextTick, tick <= end, spy.findings.isEmpty {
      guard let (tick, event) = queue.pop() else { return }
      now = tick
      handle(event)
    }
    now = max(now, end)
  }

  /// Runs until `condition` holds, at most to `limit`; whether it held.
  func run(limit: UInt64, until condition: (Network) -> Bool) -> Bool {
    while !condition(self) {
      guard let tick = queue.nextTick, tick <= limit, spy.findings.isEmpty else { return false }
      guard let (tick, event) = queue.pop() else { return false }
      now = tick
      handle(event)
    }
    return true
  }

  private func handle(_ event: Event) {
    switch event {
    case .deliver(let from, let to, let message): deliver(message, from: from, to: to)
    case .durable(let index, let life, let position):
      guard instances[index].life == life, instances[index].machine != nil else { return }
      becomeDurable(index, position)
    case .input(let index, let life, let input):
      guard instances[index].life == life else { return }
      feed(index, input)
    case .tick(let index, let life):
      guard instances[index].life == life else { return }
      instances[index].scheduled = nil
      guard let deadline = instances[index].machine?.nextDeadline else { return }
      if deadline.rawValue <= now { feed(index, .tick) } else { schedule(index) }
    case .work(let index, let life):
      guard instances[index].life == life else { return }
      feed(index, .work(!instances[index].pool.isEmpty))
    case .offer: offerAgain()
    case .keepAlive:
      for index in instances.indices where instances[index].machine != nil { broadcast(.keepAlive, from: index) }
      queue.push(.keepAlive, at: now + settings.keepAlive)
    case .act(let action): action(self)
    }
  }

  func draw(_ range: ClosedRange<UInt64>) -> UInt64 { UInt64.random(in: range, using: &random) }
  func chance(_ ofThousand: UInt64) -> Bool { ofThousand > 0 && draw(0...999) < ofThousand }

  func feed(_ index: Int, _ input: ConsensusInput) {
    guard var machine = instances[index].machine else { return }
    instances[index].machine = nil
    effects.removeAll(keepingCapacity: true)
    machine.step(input, now: Tick(now), effects: &effects)
    steps += 1
    if steps == Self.mostSteps { spy.fail(0, "still busy after \(steps) steps, at \(now)") }
    if steps % 16 == 0 { machine.checkInvariants() }
    if machine.view < instances[index].view { spy.fail(7, "the view of \(index) fell to \(machine.view)") }
    instances[index].view = machine.view
    if case .tick = input, let deadline = machine.nextDeadline, deadline.rawValue <= now {
      spy.fail(0, "a deadline of \(index) stays due: \(deadline) at \(now)")
    }
    instances[index].machine = machine
    let life = instances[index].life
    for effect in effects where instances[index].life == life {
      if !instances[index].byzantine { watch?(index, effect) }
      carryOut(effect, index)
    }
    if instances[index].life == life { schedule(index) }
  }

  private func schedule(_ index: Int) {
    guard let deadline = instances[index].machine?.nextDeadline?.rawValue else { return }
    let tick = max(deadline, now)
    if let scheduled = instances[index].scheduled, scheduled <= tick { return }
    instances[index].scheduled = tick
    queue.push(.tick(index, life: instances[index].life), at: tick)
  }

  // MARK: Messages

  func broadcast(_ message: Message, from index: Int) {
    for other in instances.indices where other != index {
      if instances[other].validator == instances[index].validator { continue }
      if instances[index].byzantine, chance(400) { continue }
      send(message, from: index, to: other)
    }
  }

  func send(_ message: Message, from: Int, to: Int) {
    sent += 1
    if chance(settings.loss) { return }
    queue.push(.deliver(from: from, to: to, message), at: now + draw(settings.delay))
    if chance(settings.duplication) {
      queue.push(.deliver(from: from, to: to, message), at: now + draw(settings.delay))
    }
  }

  private func deliver(_ message: Message, from: Int, to: Int) {
    if cut.contains([from, to]) || instances[to].machine == nil { return }
    feed(to, .heard(ValidatorIndex(UInt16(instances[from].validator))))
    switch message {
    case .vote(let vote):
      if instances[to].byzantine { disturb(to, vote) }
      feed(to, .vote(vote))
      if settings.defect == .countTwice {
        var copy = vote
        copy.signer = ValidatorIndex((vote.signer.rawValue + 1) % UInt16(settings.validators))
        if Int(copy.signer.rawValue) != instances[to].validator { feed(to, .vote(copy)) }
      }
    case .certificate(let certificate):
      feed(to, .certificate(certificate))
    case .request(let request):
      for certificate in instances[to].machine?.certificates(answering: request) ?? [] {
        send(.certificate(certificate), from: to, to: from)
      }
    case .offer(let transaction): offered(transaction, to: to)
    case .keepAlive: break
    }
  }

  /// A traitor answers a vote with a few of its own, made up, to some.
  private func disturb(_ index: Int, _ vote: Vote) {
    guard chance(250) else { return }
    let statement = vote.statement
    var lies: [Statement] = [.nullify(epoch: statement.epoch, view: statement.view)]
    if let proposal = statement.proposal {
      var other = proposal
      other.block.word3 ^= 1
      lies += [.notarize(proposal), .notarize(other)]
      lies += [.finalize(proposal, result: result(of: proposal.block)), .finalize(proposal, result: .zero)]
    }
    let lie = lies[Int(draw(0...UInt64(lies.count - 1)))]
    broadcast(.vote(sign(lie, ValidatorIndex(UInt16(instances[index].validator)))), from: index)
  }

  // MARK: Transactions

  func submit(_ transaction: Int, to index: Int) {
    offered(transaction, to: index)
    broadcast(.offer(transaction), from: index)
    if !offering {
      offering = true
      queue.push(.offer, at: now + 4 * settings.retry)
    }
  }

  private func offered(_ transaction: Int, to index: Int) {
    guard finalizedAt[transaction]?[instances[index].validator] == nil || instances[index].byzantine else { return }
    guard instances[index].pool.insert(transaction).inserted else { return }
    feed(index, .work(true))
  }

  /// What waits is offered again at a slow interval.
  private func offerAgain() {
    offering = false
    for index in instances.indices where instances[index].machine != nil {
      for transaction in instances[index].pool.sorted() { broadcast(.offer(transaction), from: index) }
    }
    if instances.contains(where: { !$0.byzantine && !$0.pool.isEmpty }) {
      offering = true
      queue.push(.offer, at: now + 4 * settings.retry)
    }
  }

  func isFinalEverywhere(_ transaction: Int) -> Bool {
    honest.allSatisfy { instances[$0].stopped || finalizedAt[transaction]?[instances[$0].validator] != nil }
  }

  // MARK: Blocks

  func newBlock(parent: Digest, transactions: [Int], valid: Bool = true) -> Digest {
    salt += 1
    let block = Digest(salt &* 0x9E37_79B9_7F4A_7C15, salt, parent.word1, 0)
    blocks[block] = Block(parent: parent, transactions: transactions, valid: valid)
    return block
  }

  func result(of block: Digest) -> Digest { Digest(block.word0, block.word1, 0xEE, block.word3) }

  func sign(_ statement: Statement, _ signer: ValidatorIndex) -> Vote {
    salt += 1
    // Randomised, as ECDSA may be.
    let noise = Digest(salt, UInt64(signer.rawValue), 0, 0)
    return Vote(statement: statement, signer: signer, signature: Signature(first: noise, second: noise))
  }
}
