internal import Cryptography
package import Ledger
package import Primitives

/// The participants of a cluster: the members with their keys, the nodes, and the genesis that names the validators.
package struct Population {
  package static let administrator = Population.name("registry")
  package static let issuer = Population.name("mint")
  /// Another issuer, which also admits members.
  package static let registrar = Population.name("vault")
  package static let banks = (0..<6).map { Population.name("bank-\($0)") }
  package static let asset = Population.name("eur")
  /// An asset that is capped, frozen and handed over, while what is paid in the other asset goes on.
  package static let rareAsset = Population.name("gold")

  package let genesis: Genesis
  package let chain: ChainContext
  package let voteKeys: [PublicKey]
  /// The first vote key of each node, by seat: the validators of genesis, then the spare nodes.
  package let keys: [PublicKey]
  private let seatOfName: [String: Int]
  /// The key of each member in genesis.
  package let memberKeys: [Name: PublicKey]

  package init(_ options: SwarmOptions, ring: KeyRing) {
    var keys: [Name: PublicKey] = [:]
    var members: [GenesisMember] = []
    func add(_ name: Name, _ roles: Roles) {
      let key = ring.makeKey()
      keys[name] = key
      members.append(
        GenesisMember(
          name: name, description: "", authority: MemberAuthority(roles: roles, keys: [key], threshold: 1)))
    }
    add(Population.administrator, [.administrator])
    add(Population.issuer, [.issuer, .notary])
    add(Population.registrar, [.issuer, .registrar, .auditor])
    for bank in Population.banks { add(bank, [.participant, .notary]) }
    var validators: [GenesisValidator] = []
    for index in 0..<options.validators {
      validators.append(
        GenesisValidator(
          name: Population.nodeName(index), member: Population.member(ofSeat: index), voteKey: ring.makeKey(),
          transportKey: Population.pin(ofSeat: index, 1), address: Population.address(ofSeat: index)))
    }
    genesis = Genesis(
      chainName: Population.name("simulation"), suite: options.suite,
      timestamp: Timestamp(SimulatedClock.start - 60_000),
      leaderTimeoutMilliseconds: options.leaderTimeoutMilliseconds, administratorThreshold: 1, members: members,
      validators: validators)
    chain = genesis.chain
    voteKeys = validators.map(\.voteKey)
    let all = voteKeys + (0..<options.spares).map { _ in ring.makeKey() }
    self.keys = all
    seatOfName = Dictionary(uniqueKeysWithValues: all.indices.map { ("\(Population.nodeName($0))", $0) })
    memberKeys = keys
  }

  // MARK: Nodes

  /// The places of the nodes in the cluster, which do not change.
  var seats: Range<Int> { keys.indices }

  func name(of seat: Int) -> String { "\(Population.nodeName(seat))" }

  /// The seat of the node of that name; nil if there is none.
  func seat(of name: String) -> Int? { seatOfName[name] }

  static func nodeName(_ seat: Int) -> Name { name("validator-\(seat)") }

  /// The member that runs the node.
  static func member(ofSeat seat: Int) -> Name { banks[seat % banks.count] }

  /// - Parameter edition: tells the pins of a node apart.
  static func pin(ofSeat seat: Int, _ edition: UInt64) -> Digest { Digest(UInt64(seat + 1), edition, 1, 1) }

  static func address(ofSeat seat: Int) -> String { "10.0.0.\(seat + 1):7000" }

  package static func name(_ text: String) -> Name {
    guard let name = Name(text) else { preconditionFailure("\(text) is not a name") }
    return name
  }

  package static func account(_ text: String) -> AccountName {
    guard let name = AccountName(text) else { preconditionFailure("\(text) is not an account") }
    return name
  }
}
