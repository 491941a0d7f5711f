internal import Cryptography
package import Ledger
package import Primitives

/// The participants of a cluster: the members with their keys, the validators, and the genesis that names them.
package struct Population {
  package static let administrator = Population.name("registry")
  package static let issuer = Population.name("mint")
  package static let banks = (0..<6).map { Population.name("bank-\($0)") }
  package static let asset = Population.name("eur")

  package let genesis: Genesis
  package let chain: ChainContext
  package let voteKeys: [PublicKey]
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
    for bank in Population.banks { add(bank, [.participant, .notary]) }
    var validators: [GenesisValidator] = []
    for index in 0..<options.validators {
      validators.append(
        GenesisValidator(
          name: Population.name("validator-\(index)"), member: Population.banks[index % Population.banks.count],
          voteKey: ring.makeKey(), transportKey: Digest(UInt64(index + 1), 1, 1, 1),
          address: "10.0.0.\(index + 1):7000"))
    }
    genesis = Genesis(
      chainName: Population.name("simulation"), suite: options.suite,
      timestamp: Timestamp(SimulatedClock.start - 60_000),
      leaderTimeoutMilliseconds: options.leaderTimeoutMilliseconds, administratorThreshold: 1, members: members,
      validators: validators)
    chain = genesis.chain
    voteKeys = validators.map(\.voteKey)
    memberKeys = keys
  }

  package static func name(_ text: String) -> Name {
    guard let name = Name(text) else { preconditionFailure("\(text) is not a name") }
    return name
  }

  package static func account(_ text: String) -> AccountName {
    guard let name = AccountName(text) else { preconditionFailure("\(text) is not an account") }
    return name
  }
}
