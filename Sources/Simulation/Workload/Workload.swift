internal import Ledger
internal import Primitives

/// The transactions of a cluster's clients, over few hot and many cold accounts. Some are invalid or sent again.
struct Workload {
  /// Which answers a node may give to a submission.
  enum Expectation {
    /// Anything except that the signature is bad or the bytes are malformed.
    case sound
    case badSignature
    case malformed
  }

  struct Request {
    var bytes: [UInt8]
    var id: Digest?
    var expectation: Expectation
  }

  private let population: Population
  let ring: KeyRing
  private let isPlain: Bool
  private let memo: [UInt8]
  var generator: SeededGenerator
  private var hash: HashFunctionBox
  private var nonce: UInt64 = 0
  var accounts: [AccountName]
  private var recent: [Request] = []
  private var setup: [[Operation]]
  /// The members in the chain, with the keys that they may sign with now.
  private var knownMembers: [Name: LedgerModel.Member] = [:]
  /// The newest holds that clients asked for, whether they are open or not, and pairs of holds that pay for each other.
  var placed: [HoldPlace] = []
  var exchanges: [(HoldPlace, HoldPlace)] = []
  /// The digest of the chain's configuration.
  private var configuration = Digest.zero
  /// The leader time-out that the chain began with, in milliseconds.
  private let timeout: UInt32

  init(_ options: SwarmOptions, population: Population, ring: KeyRing, generator: SeededGenerator) {
    self.population = population
    self.ring = ring
    self.generator = generator
    isPlain = options.isPlainWorkload
    timeout = options.leaderTimeoutMilliseconds
    memo = Array(repeating: 0x2E, count: options.memoBytes)
    hash = HashFunctionBox(options.suite)
    accounts = Population.banks.map { AccountName($0) }
    let assets = isPlain ? [Population.asset] : [Population.asset, Population.rareAsset]
    setup = [
      assets.map { .assetDefine(asset: $0, issuer: Population.issuer, decimals: 2, description: "") },
      assets.flatMap { asset in
        Population.banks.map { .assetIssue(asset: asset, to: AccountName($0), amount: Amount(1_000_000)) }
      },
    ]
  }

  /// The next request of a client, at a time on the clients' clock and with the chain in the state of `model`.
  mutating func next(at time: Timestamp, _ model: LedgerModel) -> Request {
    knownMembers = model.members
    if !isPlain { configuration = model.configurationDigest }
    return next(at: time)
  }

  private mutating func next(at time: Timestamp) -> Request {
    if !setup.isEmpty { return sign(setup.removeFirst(), by: [Population.issuer], at: time) }
    if isPlain { return sign([transfer()], at: time) }
    switch Int.random(in: 0..<100, using: &generator) {
    case 0..<12: return recent.randomElement(using: &generator) ?? sign([transfer()], at: time)
    case 12..<16: return withBadSignature(sign([transfer()], at: time))
    case 16..<19: return malformed(sign([transfer()], at: time))
    case 19..<24: return sign([issueOrRetire()], by: [Population.issuer, bank()], at: time)
    case 24..<30: return sign([opening()], at: time)
    case 30..<34: return sign([freezing()], by: [Population.administrator], at: time)
    case 34..<38: return sign([anchor()], at: time)
    case 38..<48: return sign((0..<Int.random(in: 2...8, using: &generator)).map { _ in transfer() }, at: time)
    case 48..<52: return sign([transfer()], by: [bank()], at: time)
    case 56..<59: return sign([administration()], by: [Population.administrator], at: time)
    case 59..<80: return holding(at: time)
    case 80..<87: return settingTerms(at: time)
    case 52..<56: return sign([transfer()], at: time, lifetime: Int64.random(in: -2000...2000, using: &generator))
    default: return sign([transfer()], at: time)
    }
  }

  /// A transaction that can be applied whatever else is waiting, because the issuer's key never changes.
  mutating func probe(at time: Timestamp, _ model: LedgerModel) -> Request {
    knownMembers = model.members
    guard setup.isEmpty else { return next(at: time) }
    let issue = Operation.assetIssue(asset: Population.asset, to: accounts[0], amount: Amount(1))
    return sign([issue], by: [Population.issuer], at: time)
  }

  /// A transaction about nodes and validators.
  mutating func change(
    _ operations: [Operation], by members: [Name], at time: Timestamp, _ model: LedgerModel
  ) -> Request {
    knownMembers = model.members
    return sign(operations, by: members, at: time, isRepeated: false)
  }

  // MARK: Operations

  mutating func bank() -> Name { Population.banks.randomElement(using: &generator) ?? Population.banks[0] }

  /// In half of the cases one of the few hot accounts.
  mutating func account() -> AccountName {
    let limit = Bool.random(using: &generator) ? 3 : accounts.count
    return accounts[Int.random(in: 0..<limit, using: &generator)]
  }

  private mutating func transfer() -> Operation {
    let from = account()
    var to = account()
    while to == from { to = account() }
    return .assetTransfer(
      asset: Population.asset, from: from, to: to,
      amount: Amount(UInt128(UInt64.random(in: 1...(isPlain ? 9 : 40_000), using: &generator))), memo: memo)
  }

  private mutating func issueOrRetire() -> Operation {
    let amount = Amount(UInt128(UInt64.random(in: 1...100_000, using: &generator)))
    return Bool.random(using: &generator)
      ? .assetIssue(asset: Population.asset, to: account(), amount: amount)
      : .assetRetire(asset: Population.asset, from: account(), amount: amount)
  }

  private mutating func opening() -> Operation {
    let account = Population.account("\(bank())/a\(Int.random(in: 0..<40, using: &generator))")
    if !accounts.contains(account) { accounts.append(account) }
    return .accountOpen(account: account, description: "")
  }

  private mutating func freezing() -> Operation {
    // The hottest account is never frozen.
    let account = accounts[Int.random(in: 1..<accounts.count, using: &generator)]
    return Int.random(in: 0..<3, using: &generator) == 0
      ? .accountFreeze(account: account) : .accountUnfreeze(account: account)
  }

  /// Changes the keys of a member, or suspends or restores one member.
  private mutating func administration() -> Operation {
    let last = Population.banks[Population.banks.count - 1]
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: return .memberSuspend(name: last, reason: "")
    case 1: return .memberRestore(name: last)
    case 2: return setting()
    default:
      let keys = (0..<Int.random(in: 1...3, using: &generator)).map { _ in ring.makeKey() }
      let threshold = UInt8.random(in: 1...UInt8(keys.count), using: &generator)
      return .memberUpdate(
        name: bank(),
        authority: MemberAuthority(roles: [.participant, .notary], keys: keys, threshold: threshold))
    }
  }

  /// Changes what a block may have, which a few blocks exceed from then on, or asks for more administrators than there are.
  private mutating func setting() -> Operation {
    guard let parameter = ChainParameter.allCases.randomElement(using: &generator) else {
      preconditionFailure("there are no parameters")
    }
    let value =
      switch parameter {
      case .administratorThreshold: UInt64.random(in: 1...2, using: &generator)
      case .blockBytes, .blockOperations: UInt64.random(in: parameter.bounds, using: &generator)
      // The workload's transactions are valid for ten minutes, and clocks may be wrong.
      case .validityMilliseconds: UInt64.random(in: 3_600_000...parameter.bounds.upperBound, using: &generator)
      case .leaderTimeoutMilliseconds: UInt64(timeout) * UInt64.random(in: 1...3, using: &generator)
      // No program knows a later one. Neither an earlier one nor the present one is the next.
      case .rulesVersion:
        UInt64.random(in: parameter.bounds.lowerBound...UInt64(Genesis.currentVersion), using: &generator)
      }
    guard parameter.isConfigured else { return .parameterSet(parameter, to: value) }
    // Some of the changes were prepared for a configuration that has changed since.
    let isOutdated = Int.random(in: 0..<8, using: &generator) == 0
    return .parameterSet(parameter, to: value, configuration: isOutdated ? .zero : configuration)
  }

  private mutating func anchor() -> Operation {
    guard let collection = CollectionName("papers-\(Int.random(in: 0..<4, using: &generator))") else {
      preconditionFailure("no collection name")
    }
    return .recordAnchor(
      author: bank(), collection: collection, key: "k\(Int.random(in: 0..<5, using: &generator))",
      content: Digest(generator.next(), 1, 2, 3))
  }

  // MARK: Transactions

  /// Signs for the given members, or for the owners that the operations require.
  mutating func sign(
    _ operations: [Operation], by members: [Name]? = nil, at time: Timestamp, lifetime: Int64 = 600_000,
    isRepeated: Bool = true
  ) -> Request {
    nonce += 1
    let validUntil = Timestamp(UInt64(clamping: Int64(time.rawValue) + lifetime))
    let signers = members ?? operations.compactMap { Workload.owner(of: $0) }
    let built = hash.draft(operations, validUntil: validUntil, nonce: nonce, chain: population.chain)
    guard var draft = built else { preconditionFailure("the workload made a malformed transaction") }
    for member in Set(signers).sorted() {
      // With as many keys as the member's threshold.
      let known = knownMembers[member]
      let keys =
        known.map { Array($0.keys.sorted().prefix($0.threshold)) } ?? [population.memberKeys[member]].compactMap(\.self)
      for key in keys {
        guard let signature = ring.sign(draft.signedBytes, with: key) else {
          preconditionFailure("\(member) has no key")
        }
        draft.add(TransactionSignature(member: member, key: key, signature: signature))
      }
    }
    guard let transaction = hash.assemble(draft) else { preconditionFailure("a transaction cannot be assembled") }
    let request = Request(bytes: transaction.bytes, id: transaction.id, expectation: .sound)
    if !isPlain, isRepeated {
      if recent.count < 32 { recent.append(request) } else { recent[Int(nonce % 32)] = request }
    }
    return request
  }

  private static func owner(of operation: Operation) -> Name? {
    switch operation {
    case .assetTransfer(let transfer): transfer.from.owner
    case .accountOpen(let open): open.account.owner
    case .recordAnchor(let anchor): anchor.author
    case .assetRetire(let retire): retire.from.owner
    case .holdPlace(let place): place.from.owner
    case .holdCapture(let capture): capture.to.owner
    case .holdRelease(let release): release.to.owner
    case .accountClose(let close): close.account.owner
    case .memberAdd, .memberUpdate, .memberSuspend, .memberRestore, .accountFreeze, .accountUnfreeze, .assetDefine,
      .assetIssue, .assetCap, .assetHandOver, .assetFreeze, .assetUnfreeze, .parameterSet, .directorySet,
      .directoryRemove, .validatorAdd, .validatorRemove, .validatorUpdate:
      nil
    }
  }

  /// Alters the last signature.
  private func withBadSignature(_ request: Request) -> Request {
    var bytes = request.bytes
    bytes[bytes.count - 40] ^= 1
    return Request(bytes: bytes, id: request.id, expectation: .badSignature)
  }

  private mutating func malformed(_ request: Request) -> Request {
    var bytes = request.bytes
    switch Int.random(in: 0..<3, using: &generator) {
    case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
    case 1: bytes.append(0)
    default: bytes[0] ^= 0x80
    }
    return Request(bytes: bytes, id: nil, expectation: .malformed)
  }
}
