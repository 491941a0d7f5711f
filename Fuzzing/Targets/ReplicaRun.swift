internal import BlockLog
internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica
internal import TestHarness

/// One run of a node's core, from its start to its restart, as an input describes it.
struct ReplicaRun: ~Copyable {
  private let traffic: Traffic
  private var input: FuzzInput
  private let core: CoreHarness
  private var pending: [VerificationRequest] = []
  private var now: Now
  /// Place in the traffic's script.
  private var next = 0
  private var steps = 0
  private var height = Height.genesis
  /// Every signature is taken as valid: more than f validators lie, and then all that is promised is that nothing traps.
  private let believesAll: Bool
  /// The workers and the disk answer at once; otherwise they answer when the input says so.
  private let isPrompt: Bool

  /// The validator that says whatever the input says.
  private static let liar = ValidatorIndex(0)
  private static let liarPeer = PeerID(0)
  private static let stepLimit = 3000

  init(_ traffic: Traffic, _ input: FuzzInput, _ signatures: [[UInt8]: Signature]) throws(BrokenPromise) {
    self.traffic = traffic
    self.input = input
    let choices = self.input.byte()
    believesAll = choices & 1 != 0
    isPrompt = choices & 8 == 0
    now = traffic.script.first?.now ?? Now(tick: Tick(1), wall: traffic.genesis.timestamp)
    let isFollower = choices & 2 != 0
    do {
      core = try CoreHarness(
        genesis: traffic.genesis, own: Traffic.own, origin: choices & 4 != 0 ? .joined : .founded, now: now,
        holds: { Self.holds($0, traffic) },
        replica: { Self.replica($0, $1, isFollower: isFollower, traffic, signatures) })
    } catch {
      throw BrokenPromise("a new log does not open: \(error)")
    }
  }

  private static func replica(
    _ restoration: consuming Restoration, _ now: Now, isFollower: Bool, _ traffic: Traffic,
    _ signatures: [[UInt8]: Signature]
  ) -> Replica {
    let validators = traffic.genesis.validatorSet
    var configuration = ReplicaConfiguration(
      genesis: traffic.genesis, chain: traffic.chain, voteKeys: isFollower ? [] : [validators.voteKey(of: Traffic.own)])
    configuration.pool = Mempool.Bounds(transactions: 2000, bytes: 1 << 20, memberShare: 2)
    let memory = restoration.voteGuard()
    return Replica(
      configuration: configuration, restored: restoration,
      signer: isFollower ? nil : RecordedSigner(signatures, traffic.chain, memory), now: now)
  }

  mutating func go() throws(BrokenPromise) {
    while !input.isAtEnd, steps < Self.stepLimit { try step() }
    guard !believesAll else { return }
    core.host.replica.checkInvariants()
    try restart()
  }

  /// Power fails. The node starts again from what is on its disk, at a height that it committed before.
  private mutating func restart() throws(BrokenPromise) {
    do {
      try core.restart(now: now)
    } catch {
      throw BrokenPromise("the node does not start again: \(error)")
    }
    core.host.replica.checkInvariants()
    let restored = core.host.replica.status.committed.height
    try promise(restored <= height, "a restart stands at height \(restored), but only \(height) was committed")
    pending = []
    height = restored
    try give(.tick)
    core.host.replica.checkInvariants()
  }

  private mutating func step() throws(BrokenPromise) {
    switch input.byte() % 10 {
    case 0:
      for _ in 0..<input.byte() where next < traffic.script.count {
        now = Now(tick: max(now.tick, traffic.script[next].now.tick), wall: traffic.script[next].now.wall)
        try give(traffic.script[next].input)
        next += 1
      }
    case 1: next += Int(input.byte())
    case 2: try give(.frame(from: peer(), bytes: changedFrame()))
    case 3: try give(.frame(from: peer(), bytes: input.bytes(Int(input.byte()))))
    case 4: try give(.frame(from: Self.liarPeer, bytes: PeerMessage.vote(lie()).encoded()))
    case 5: try give(.frame(from: Self.liarPeer, bytes: certificateLie().encoded()))
    case 6: try answer(input.byte(), input.bool())
    case 7:
      now.tick = now.tick.advanced(byMicroseconds: UInt64(input.byte()) << UInt64(input.byte() % 24))
      now.wall = now.wall.advanced(byMilliseconds: UInt64(input.byte()))
      try give(.tick)
    case 8: try give(input.bool() ? .connected(peer()) : .disconnected(peer()))
    default:
      var bytes = changedFrame()
      if case .transactions(let list)? = try? PeerMessage(bytes), let first = list.first { bytes = first }
      try give(.submit([Submission(token: SubmissionToken(number: UInt64(steps)), bytes: bytes)]))
    }
  }

  private mutating func peer() -> PeerID { PeerID(UInt16(input.byte() % 3)) }

  private mutating func changedFrame() -> [UInt8] {
    var frame = traffic.frames[input.word() % traffic.frames.count]
    for _ in 0..<input.byte() % 4 where !frame.isEmpty { frame[input.word() % frame.count] = input.byte() }
    return frame
  }

  private mutating func statementLie() -> Statement {
    let view = View(max(1, input.bool() ? input.long() : UInt64(input.byte())))
    let parent = View(view.rawValue - 1 - min(view.rawValue - 1, UInt64(input.byte())))
    let blocks = traffic.frames.count
    let frame = traffic.frames[input.word() % blocks]
    var block = Digest(input.long(), 0, 0, 0)
    if case .vote(let vote)? = try? PeerMessage(frame), let known = vote.statement.proposal?.block { block = known }
    let proposal = Proposal(epoch: .first, view: view, parent: parent, block: block)
    switch input.byte() % 3 {
    case 0: return .notarize(proposal)
    case 1: return .nullify(epoch: .first, view: view)
    default: return .finalize(proposal, result: Digest(input.long(), 0, 0, 0))
    }
  }

  private mutating func lie() -> Vote {
    let statement = statementLie()
    let tag = RecordedSigner.tag(statement.signedBytes(traffic.chain))
    return Vote(statement: statement, signer: Self.liar, signature: tag)
  }

  private mutating func certificateLie() -> PeerMessage {
    let vote = lie()
    let signers = [0, 1, 2].map { ValidatorIndex(UInt16($0)) }
    return .certificate(
      Certificate(statement: vote.statement, signers: signers, signatures: signers.map { _ in vote.signature }))
  }

  // MARK: The shell

  private mutating func give(_ input: ReplicaInput) throws(BrokenPromise) {
    try feed(input)
    guard isPrompt else { return }
    while !pending.isEmpty, steps < Self.stepLimit { try answer(0, true) }
    try write(core.log.count)
  }

  private mutating func feed(_ input: ReplicaInput) throws(BrokenPromise) {
    steps += 1
    core.step(input, now: now)
    let appended = core.log.count + core.host.effects.records.count
    for send in core.host.effects.sends {
      try promise(
        send.after.rawValue <= appended, "a send waits for \(send.after), but the log has \(appended) records")
    }
    for effect in core.handOut() { try carryOut(effect) }
    if !believesAll, steps.isMultiple(of: 64) { core.host.replica.checkInvariants() }
  }

  private mutating func carryOut(_ effect: EffectBuffer.Effect) throws(BrokenPromise) {
    switch effect {
    case .sends(let sends):
      for send in sends {
        try promise(
          send.after <= core.durable, "a frame leaves before record \(send.after): \(core.durable) is durable")
        try promise((try? PeerMessage(send.frame)) != nil, "sends what is no message: \(Hex.encode(send.frame))")
      }
    case .commits(let commits):
      for commit in commits {
        try promise(commit.height == height.next, "\(commit.height) is committed after \(height)")
        height = commit.height
      }
    case .notice(.misbehaved(_, let code, let explanation)):
      try promise(!code.isEmpty && !explanation.isEmpty, "a peer is blamed without words")
    case .verify(let request): pending.append(request)
    case .records, .sign, .closings, .hurry, .dropChecks, .serve, .snapshot, .answer, .notice, .peers: break
    }
  }

  /// The disk writes the first `count` records, and the replica learns of it.
  private mutating func write(_ count: Int) throws(BrokenPromise) {
    guard LogPosition(UInt64(count)) > core.durable else { return }
    let durable: LogPosition
    do throws(LogError) {
      durable = try core.write(count)
    } catch {
      throw BrokenPromise("the log cannot be written: \(error.explanation)")
    }
    try feed(.durable(durable))
  }

  /// Answers one request, or lets the disk write.
  private mutating func answer(_ choice: UInt8, _ isVerification: Bool) throws(BrokenPromise) {
    guard isVerification else { return try write(core.log.count - min(core.log.count, Int(choice % 4))) }
    guard !pending.isEmpty else { return }
    let request = pending.remove(at: Int(choice) % pending.count)
    let (believesAll, traffic) = (believesAll, traffic)
    let results = request.results { believesAll || Self.holds($0, traffic) }
    try feed(.verified(request.ticket, results))
  }

  private static func holds(_ item: VerificationItem, _ traffic: Traffic) -> Bool {
    if traffic.genuine.contains(item) { return true }
    let speaker = [liar, Traffic.own].first { traffic.genesis.validators[Int($0.rawValue)].voteKey == item.key }
    return speaker != nil && item.signature == RecordedSigner.tag(item.message)
  }
}
