internal import Cryptography
internal import Primitives

extension Genesis {
  /// Checks the rules between the parts of a well-formed genesis.
  func checkMeaning() throws(GenesisError) {
    guard Limits.leaderTimeoutMilliseconds.contains(leaderTimeoutMilliseconds) else {
      throw .leaderTimeout(milliseconds: leaderTimeoutMilliseconds)
    }
    try checkMembers()
    try checkValidators()
  }

  private func checkMembers() throws(GenesisError) {
    var holders: [PublicKey: Name] = [:]
    var administrators = 0
    for member in members {
      if member.authority.roles.contains(.administrator) { administrators += 1 }
      for key in member.authority.keys {
        do throws(CryptoError) {
          try key.check(suite)
        } catch {
          throw .memberKey(member.name, error)
        }
        if let holder = holders.updateValue(member.name, forKey: key) { throw .sharedMemberKey(holder, member.name) }
      }
    }
    guard administratorThreshold >= 1, administratorThreshold <= administrators else {
      throw .administratorThreshold(administratorThreshold, administrators: administrators)
    }
  }

  private func checkValidators() throws(GenesisError) {
    let known = Set(members.map(\.name))
    var names: Set<Name> = []
    var voteKeys: [PublicKey: Name] = [:]
    var transportKeys: [Digest: Name] = [:]
    var addresses: [String: Name] = [:]
    for validator in validators {
      let name = validator.name
      guard names.insert(name).inserted else { throw .duplicateValidator(name) }
      guard known.contains(validator.member) else { throw .unknownMember(validator: name, member: validator.member) }
      do throws(CryptoError) {
        try validator.voteKey.check(suite)
      } catch {
        throw .voteKey(name, error)
      }
      if let other = voteKeys.updateValue(name, forKey: validator.voteKey) { throw .sharedVoteKey(other, name) }
      if let other = transportKeys.updateValue(name, forKey: validator.transportKey) {
        throw .sharedTransportKey(other, name)
      }
      if let other = addresses.updateValue(name, forKey: validator.address) { throw .sharedAddress(other, name) }
    }
  }
}
