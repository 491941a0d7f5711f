package import BlockLog
internal import Consensus
package import Cryptography
package import Ledger
internal import NodeCore
package import Primitives
package import Replica
package import Simulation

/// One replica, driven by a node's core on a disk in memory. The test plays its peers, clients, workers and disk.
///
/// By default signatures are checked, and records become durable, as soon as the replica asks.
package final class ReplicaHarness {
  /// A key that the population does not have, or a block that did not become final.
  package struct MissingValue: Error {}

  package let options: SwarmOptions
  package let ring: KeyRing
  package let population: Population
  package let own: ValidatorIndex
  let core: CoreHarness
  package var now = Now(tick: Tick(1_000_000), wall: Timestamp(SimulatedClock.start))
  package var hash: HashFunction

  /// Whether the disk writes every record at once, and whether the workers answer at once.
  package var isDiskPrompt = true
  package var areWorkersPrompt = true
  /// How many records the disk takes; nil for any number.
  package var diskLimit: Int?
  private var hasLogFailed = false
  let current: CurrentSigner
  /// Frames that left the node, and what it told people and clients.
  package private(set) var sent: [(message: PeerMessage, to: Audience)] = []
  package private(set) var notices: [Notice] = []
  package private(set) var commits: [Commit] = []
  package private(set) var answers: [SubmissionAnswer] = []
  package private(set) var ranges: [RangeRequest] = []
  package private(set) var requests: [VerificationRequest] = []
  package private(set) var hurried: [Ticket] = []
  /// The nodes that the replica last said may be linked.
  package private(set) var known: [KnownPeer] = []
  /// The epoch of the statements that are made here, and its validators: their peers and keys, by index.
  package var epoch = Epoch.first
  package var seats: [(peer: Int, key: PublicKey)]
  private var nonce: UInt64 = 0
  private var lastToken: UInt64 = 0

  package init(
    validators: Int = 4, own: Int = 0, origin: LogOrigin = .founded, backlog: LogBacklog.Bounds = LogBacklog.Bounds(),
    bootstrap: [BootstrapPeer] = [], checkpoint: Checkpoint? = nil, isSignerElsewhere: Bool = false
  ) throws {
    var options = SwarmOptions()
    options.validators = validators
    self.options = options
    let ring = KeyRing(options.suite, isReal: false, generator: SeededGenerator(seed: 7))
    let population = Population(options, ring: ring)
    let own = ValidatorIndex(UInt16(own))
    self.ring = ring
    self.population = population
    self.own = own
    hash = HashFunction(options.suite)
    let current = CurrentSigner(isElsewhere: isSignerElsewhere)
    self.current = current
    seats = population.voteKeys.enumerated().map { ($0.offset, $0.element) }
    core = try CoreHarness(
      genesis: population.genesis, own: own, origin: origin, now: now, holds: { ring.holds($0) },
      replica: { restoration, now in
        var configuration = ReplicaConfiguration(
          genesis: population.genesis, chain: population.chain, voteKeys: restoration.held)
        configuration.logBacklog = backlog
        configuration.bootstrap = bootstrap
        configuration.checkpoint = checkpoint
        let signer = current.start(ring, configuration.chain, restoration.voteGuard())
        return Replica(configuration: configuration, restored: restoration, signer: signer, now: now)
      },
      agree: { (journal, restoration) throws(LogError) in
        try current.agree(&journal, &restoration, ring, population.chain)
      })
    begin()
  }

  /// The first steps of a start: time passes, and the peers connect.
  private func begin() {
    hasLogFailed = false
    requests = []
    step(.tick)
    for peer in 0..<options.validators where peer != Int(own.rawValue) {
      step(.connected(PeerID(UInt16(peer))))
    }
  }

  /// Stops the node and starts it again, with what is on its disk or with the first `count` records of its log.
  package func restart(keeping count: Int? = nil) throws {
    if let count { return try adopt(Array(log.prefix(count))) }
    try core.restart(now: now)
    begin()
  }

  /// The vote keys that the node holds at its next start.
  package func hold(_ keys: HeldKeys) { core.keys = keys }

  /// Starts the node again with a log of these records.
  package func adopt(_ records: [PendingRecord]) throws {
    try core.restart(from: records, now: now)
    begin()
  }

  package var replica: Replica { _read { yield core.host.replica } }
  package var disk: MemoryDisk { core.disk }
  /// Every record of the log, including those that are not on disk yet.
  package var log: [PendingRecord] { core.log }

  // MARK: Inputs

  package func step(_ input: ReplicaInput) {
    core.step(input, now: now)
    replica.checkInvariants()
    carryOut(core.handOut())
    let reach = min(log.count, diskLimit ?? .max)
    guard isDiskPrompt, !hasLogFailed, core.durable < LogPosition(UInt64(reach)) else { return }
    sync(reach)
  }

  /// The disk writes all records, or the first `count`, and says so or why it cannot.
  package func sync(_ count: Int? = nil) {
    do throws(LogError) {
      step(.durable(try core.write(count ?? log.count)))
    } catch {
      hasLogFailed = true
      step(.logFailed(error.explanation))
    }
  }

  /// Continues from the state of a snapshot.
  package func install(_ state: consuming LoadedState) {
    carryOut(core.install(state, now: now))
    step(.tick)
  }

  package func advance(milliseconds: UInt64) {
    now.tick = now.tick.advanced(byMicroseconds: milliseconds * 1000)
    now.wall = now.wall.advanced(byMilliseconds: milliseconds)
    step(.tick)
  }

  /// Lets time pass from deadline to deadline.
  package func run(milliseconds: UInt64) {
    let end = now.tick.advanced(byMicroseconds: milliseconds * 1000)
    while let next = replica.nextDeadline, next <= end {
      let passed = next.microseconds(since: now.tick)
      now.tick = max(next, now.tick)
      now.wall = now.wall.advanced(byMilliseconds: passed / 1000)
      step(.tick)
    }
    now.tick = end
  }

  package func receive(_ message: PeerMessage, from peer: Int) {
    step(.frame(from: PeerID(UInt16(peer)), bytes: message.encoded()))
  }

  @discardableResult
  package func submit(_ transaction: SignedTransaction) -> Result<Acceptance, SubmissionRefusal>? {
    lastToken += 1
    let token = SubmissionToken(number: lastToken)
    step(.submit([Submission(token: token, bytes: transaction.bytes)]))
    return answers.last { $0.token == token }?.answer
  }

  /// Answers a verification request as the workers would.
  package func verify(_ request: VerificationRequest) {
    requests.removeAll { $0.ticket == request.ticket }
    step(.verified(request.ticket, request.results { ring.holds($0) }))
  }

  private func carryOut(_ effects: [EffectBuffer.Effect]) {
    for effect in effects {
      switch effect {
      case .records, .closings, .snapshot, .serve(.snapshot), .serve(.final): break
      case .commits(let more): commits += more
      case .sends(let sends): for send in sends { note(send) }
      case .verify(let request): requests.append(request)
      case .sign(let request): current.requests.append(request)
      case .hurry(let ticket): hurried.append(ticket)
      case .dropChecks(let peer, let ticket):
        requests.removeAll { $0.peer == peer && $0.ticket.number <= ticket.number }
      case .serve(.range(let request)): ranges.append(request)
      case .answer(let answer): answers.append(answer)
      case .notice(let notice): notices.append(notice)
      case .peers(let peers): known = peers
      }
    }
    while current.isPrompt, !current.requests.isEmpty { answerSigning() }
    guard areWorkersPrompt else { return }
    while let request = requests.first { verify(request) }
  }

  private func note(_ send: Send) {
    precondition(send.after <= core.durable, "a frame left the node before record \(send.after) was on disk")
    do {
      sent.append((try PeerMessage(send.frame), send.to))
    } catch {
      preconditionFailure("the node sent a malformed frame: \(error.explanation)")
    }
  }

  package func forgetSent() {
    sent = []
    notices = []
  }

  // MARK: What was said

  /// Own votes that left the node, in order.
  package var votes: [Statement] {
    sent.compactMap { entry in
      switch entry.message {
      case .vote(let vote), .proposal(let vote, _): vote.statement
      default: nil
      }
    }
  }

  // The replica cannot be copied, so expectations ask for its parts here.
  package var stopReason: StopReason? { replica.stopped }
  package var isListening: Bool { replica.isListening }
  /// The number of frames that wait for the disk.
  package var heldBack: Int { core.host.heldBack }

  package var blame: [String] {
    notices.compactMap { notice in
      guard case .misbehaved(_, let code, _) = notice else { return nil }
      return code
    }
  }

  package var rejections: [String] {
    notices.compactMap { notice in
      guard case .rejectedBlock(_, let code, _) = notice else { return nil }
      return code
    }
  }

  // MARK: Making things

  func unwrap<Value>(_ value: Value?) throws(MissingValue) -> Value {
    guard let value else { throw MissingValue() }
    return value
  }

  package func leader(of view: UInt64) -> Int { Int(epoch.rawValue + view) % seats.count }

  package func vote(_ statement: Statement, by signer: Int) throws -> Vote {
    let signature = try unwrap(ring.sign(statement.signedBytes(population.chain), with: seats[signer].key))
    return Vote(statement: statement, signer: ValidatorIndex(UInt16(signer)), signature: signature)
  }

  package func certificate(_ statement: Statement, by signers: [Int]) throws -> Certificate {
    let votes = try signers.map { try vote(statement, by: $0) }
    return Certificate(statement: statement, signers: votes.map(\.signer), signatures: votes.map(\.signature))
  }

  package func nullify(_ view: UInt64) -> Statement { .nullify(epoch: epoch, view: View(view)) }

  package func proposal(_ block: Block, view: UInt64, parent: UInt64 = 0) -> Proposal {
    Proposal(epoch: epoch, view: View(view), parent: View(parent), block: block.digest)
  }

  /// A transfer between two banks, signed; or many of them in one transaction.
  package func transaction(
    validFor milliseconds: UInt64 = 600_000, from payer: Int = 0, to payee: Int = 1, key: PublicKey? = nil,
    operations count: Int = 1
  ) throws -> SignedTransaction {
    let member = Population.banks[payer]
    let operation = Operation.assetTransfer(
      asset: Population.asset, from: AccountName(member), to: AccountName(Population.banks[payee]), amount: Amount(1))
    return try transaction(
      Array(repeating: operation, count: count), of: member, validFor: milliseconds, key: key)
  }

  /// A transaction of the administrator that changes the configuration which a block leaves, so that its block ends the
  /// epoch.
  package func change(of point: ChainPoint, timeout milliseconds: UInt64) throws -> SignedTransaction {
    try transaction(
      [.parameterSet(.leaderTimeoutMilliseconds, to: milliseconds, configuration: point.above.configuration)],
      of: Population.administrator)
  }

  package func transaction(
    _ operations: [Ledger.Operation], of member: Name, validFor milliseconds: UInt64 = 600_000, key: PublicKey? = nil
  ) throws -> SignedTransaction {
    nonce += 1
    var draft = try TransactionDraft(
      operations: operations, validUntil: now.wall.advanced(byMilliseconds: milliseconds), nonce: nonce,
      chain: population.chain, hash: &hash)
    let signer = try unwrap(key ?? population.memberKeys[member])
    let signature = try unwrap(ring.sign(draft.signedBytes, with: signer))
    draft.add(TransactionSignature(member: member, key: signer, signature: signature))
    return try draft.assemble(hash: &hash)
  }

  /// The same transaction with a signature that does not hold.
  package func spoiled(_ transaction: SignedTransaction) throws -> SignedTransaction {
    var bytes = transaction.bytes
    bytes[bytes.count - 40] ^= 1
    return try SignedTransaction(bytes: bytes, chain: population.chain, hash: &hash)
  }

  /// The genesis block as a parent.
  package var genesisPoint: ChainPoint { LedgerState(genesis: population.genesis).settled }

  package func block(
    _ transactions: [SignedTransaction] = [], on parent: ChainPoint? = nil, at time: Timestamp? = nil
  ) -> Block {
    let parent = parent ?? genesisPoint
    return Block.assemble(
      height: Height(parent.height.rawValue + 1), parent: parent.block, parentResult: parent.result,
      timestamp: time ?? max(now.wall, parent.timestamp.advanced(byMilliseconds: 1)), transactions: transactions,
      chain: population.chain, hash: &hash)
  }

  /// What executing blocks one after the other gives.
  package func points(_ blocks: [Block]) throws -> [ChainPoint] {
    var state = LedgerState(genesis: population.genesis)
    var points: [ChainPoint] = []
    for block in blocks {
      _ = try state.execute(block)
      points.append(state.tip)
    }
    return points
  }

  /// A chain of blocks, one transaction each.
  package func chain(_ count: Int) throws -> [Block] {
    var state = LedgerState(genesis: population.genesis)
    var blocks: [Block] = []
    for _ in 0..<count {
      let next = block([try transaction()], on: state.tip)
      _ = try state.execute(next)
      blocks.append(next)
    }
    return blocks
  }

  /// The leader of `view` proposes `block`.
  package func propose(_ block: Block, view: UInt64, parent: UInt64 = 0) throws {
    let leader = leader(of: view)
    receive(
      .proposal(try vote(.notarize(proposal(block, view: view, parent: parent)), by: leader), block: block.bytes),
      from: seats[leader].peer)
  }

  /// A quorum certifies `block`, which must be known to the node already.
  package func certify(_ block: Block, view: UInt64, parent: UInt64 = 0) throws {
    let statement = Statement.notarize(proposal(block, view: view, parent: parent))
    receive(.certificate(try certificate(statement, by: others)), from: seats[others[0]].peer)
  }

  /// The finalization of `block`, whose execution gave `point`.
  package func finalization(_ block: Block, _ point: ChainPoint, view: UInt64, parent: UInt64 = 0) throws -> Certificate
  {
    try certificate(.finalize(proposal(block, view: view, parent: parent), result: point.result), by: others)
  }

  /// Proposes blocks in the views of their heights, certifies each, and finalizes the first `count` or all of them.
  /// Returns the finalizations.
  @discardableResult
  package func finalize(_ blocks: [Block], first count: Int? = nil) throws -> [Certificate] {
    var finalizations: [Certificate] = []
    for (block, point) in zip(blocks, try points(blocks)) {
      let view = block.header.height.rawValue
      try propose(block, view: view, parent: view - 1)
      try certify(block, view: view, parent: view - 1)
      guard finalizations.count < count ?? .max else { continue }
      let finalization = try finalization(block, point, view: view, parent: view - 1)
      receive(.certificate(finalization), from: seats[others[0]].peer)
      finalizations.append(finalization)
    }
    return finalizations
  }

  /// Finalizes a first block. Returns it as a peer sends it for a repair: the block, its execution and its proof.
  package func finalizeOne() throws -> [UInt8] {
    let certificate = try unwrap(try finalize(try chain(1)).first)
    let commit = try unwrap(commits.first)
    var writer = Writer()
    writer.longBytes(commit.block.bytes)
    writer.longBytes(commit.execution.encoded())
    CertifiedBlock(
      header: commit.block.header, result: commit.execution.result, descendants: [], certificate: certificate
    ).encode(into: &writer, chain: population.chain)
    return writer.bytes
  }

  /// A quorum without this node.
  package var others: [Int] {
    Array(
      seats.indices.filter { seats[$0].peer != Int(own.rawValue) }.prefix(Quorum(validators: seats.count).size))
  }
}
