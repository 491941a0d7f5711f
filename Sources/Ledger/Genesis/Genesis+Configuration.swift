public import Primitives

extension Genesis {
  /// The validators of the first epoch.
  public var validatorSet: ValidatorSet { configuration.validatorSet(of: .first) }

  /// The configuration of the first epoch.
  public var configuration: ChainConfiguration {
    ChainConfiguration(
      rulesVersion: UInt16(version), leaderTimeoutMilliseconds: leaderTimeoutMilliseconds,
      validators: validators.map { ConfiguredValidator(name: $0.name, member: $0.member, voteKey: $0.voteKey) })
  }

  /// How the validators of the first epoch are reached.
  package var directory: [DirectoryEntry] {
    validators.map {
      DirectoryEntry(name: $0.name, member: $0.member, pins: [$0.transportKey], addresses: [$0.address])
    }
  }
}
