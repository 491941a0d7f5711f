/// The effect of a transaction in a block: applied, or the one reason why it was not. Numbers and texts are part of
/// the format and never reused.
public enum OutcomeCode: UInt16, CaseIterable, Sendable, BitwiseCopyable {
  case applied = 0

  case authorityMissing = 1
  case administratorsMissing = 2
  case roleMissing = 3

  case memberUnknown = 16
  case memberExists = 17
  case memberSuspended = 18
  case memberNotSuspended = 19
  case memberInvalidKey = 20
  case administratorsLockedOut = 21
  case memberSharedKey = 22
  case memberTooManyAdmissions = 23

  case accountUnknown = 32
  case accountExists = 33
  case accountFrozen = 34
  case accountNotFrozen = 35
  case accountNotEmpty = 36
  case accountMain = 37

  case assetSameIssuer = 46
  case assetCapBelowSupply = 47
  case assetUnknown = 48
  case assetExists = 49
  case assetInsufficientFunds = 50
  case assetBalanceOverflow = 51
  case assetSupplyOverflow = 52
  case assetCapExceeded = 53
  case assetCapNotLower = 54
  case assetFrozen = 55

  case holdExists = 56
  case holdUnknown = 57
  case holdExpired = 58
  case holdOtherTerms = 59
  case holdAmountExceeded = 60
  case holdExpiryPassed = 61
  case holdExpiryTooFar = 62

  case assetNotFrozen = 63

  case recordForeignCollection = 64
  case recordVersionOverflow = 65

  case configurationOutdated = 80
  case rulesVersionNotNext = 81

  case directoryUnknownNode = 82
  case directoryOtherMember = 83
  case directoryPinInUse = 84
  case directoryFull = 85
  case directoryValidator = 86
  case validatorUnknown = 87
  case validatorExists = 88
  case validatorLast = 89
  case validatorTooMany = 90
  case validatorInvalidKey = 91
  case validatorKeyInUse = 92
  case validatorKeyChangedRecently = 93

  /// A stable, dotted name for programs.
  public var code: String {
    switch self {
    case .applied: "applied"
    case .authorityMissing: "authority.missing"
    case .administratorsMissing: "authority.administrators-missing"
    case .roleMissing: "authority.role-missing"
    case .memberUnknown: "member.unknown"
    case .memberExists: "member.exists"
    case .memberSuspended: "member.suspended"
    case .memberNotSuspended: "member.not-suspended"
    case .memberInvalidKey: "member.invalid-key"
    case .administratorsLockedOut: "member.administrators-locked-out"
    case .memberSharedKey: "member.shared-key"
    case .memberTooManyAdmissions: "member.too-many-admissions"
    case .accountUnknown: "account.unknown"
    case .accountExists: "account.exists"
    case .accountFrozen: "account.frozen"
    case .accountNotFrozen: "account.not-frozen"
    case .accountNotEmpty: "account.not-empty"
    case .accountMain: "account.main"
    case .assetSameIssuer: "asset.same-issuer"
    case .assetCapBelowSupply: "asset.cap-below-supply"
    case .assetUnknown: "asset.unknown"
    case .assetExists: "asset.exists"
    case .assetInsufficientFunds: "asset.insufficient-funds"
    case .assetBalanceOverflow: "asset.balance-overflow"
    case .assetSupplyOverflow: "asset.supply-overflow"
    case .assetCapExceeded: "asset.cap-exceeded"
    case .assetCapNotLower: "asset.cap-not-lower"
    case .assetFrozen: "asset.frozen"
    case .holdExists: "hold.exists"
    case .holdUnknown: "hold.unknown"
    case .holdExpired: "hold.expired"
    case .holdOtherTerms: "hold.other-terms"
    case .holdAmountExceeded: "hold.amount-exceeded"
    case .holdExpiryPassed: "hold.expiry-passed"
    case .holdExpiryTooFar: "hold.expiry-too-far"
    case .assetNotFrozen: "asset.not-frozen"
    case .recordForeignCollection: "record.foreign-collection"
    case .recordVersionOverflow: "record.version-overflow"
    case .configurationOutdated: "configuration.outdated"
    case .rulesVersionNotNext: "configuration.rules-version-not-next"
    case .directoryUnknownNode: "directory.unknown-node"
    case .directoryOtherMember: "directory.other-member"
    case .directoryPinInUse: "directory.pin-in-use"
    case .directoryFull: "directory.full"
    case .directoryValidator: "directory.validator"
    case .validatorUnknown: "validator.unknown"
    case .validatorExists: "validator.exists"
    case .validatorLast: "validator.last"
    case .validatorTooMany: "validator.too-many"
    case .validatorInvalidKey: "validator.invalid-key"
    case .validatorKeyInUse: "validator.key-in-use"
    case .validatorKeyChangedRecently: "validator.key-changed-recently"
    }
  }

  public var explanation: String {
    switch self {
    case .applied: "every operation was applied"
    case .authorityMissing:
      "a member whose account, asset or validator the operation touches has not signed with enough keys"
    case .administratorsMissing: "fewer administrators signed than administration needs"
    case .roleMissing: "the member lacks the role that the operation needs"
    case .memberUnknown: "there is no member of that name"
    case .memberExists: "there is already a member of that name"
    case .memberSuspended: "the member is suspended"
    case .memberNotSuspended: "the member is not suspended"
    case .memberInvalidKey: "a key is not a valid public key of the chain's suite"
    case .administratorsLockedOut: "fewer active administrators would be left than administration needs"
    case .memberSharedKey: "a key belongs to another member, which could then act as both"
    case .memberTooManyAdmissions: "the registrar's admissions in the block name more than 256 keys"
    case .accountUnknown: "there is no account of that name"
    case .accountExists: "there is already an account of that name"
    case .accountFrozen: "the account is frozen"
    case .accountNotFrozen: "the account is not frozen"
    case .accountNotEmpty: "the account has a balance, or an open hold from or for it"
    case .accountMain: "the account is the member's own, which stays open"
    case .assetSameIssuer: "the member is the asset's issuer already"
    case .assetCapBelowSupply: "the cap is below the asset's supply"
    case .assetUnknown: "there is no asset of that name"
    case .assetExists: "there is already an asset of that name"
    case .assetInsufficientFunds: "the account holds less than the amount"
    case .assetBalanceOverflow: "the account would hold 2^128 units or more"
    case .assetSupplyOverflow: "the asset's supply would be 2^128 units or more"
    case .assetCapExceeded: "the asset's supply would be above its cap"
    case .assetCapNotLower: "the cap is not below the asset's present cap"
    case .assetFrozen: "the asset is frozen"
    case .holdExists: "an open hold of the paying account has the reference already"
    case .holdUnknown: "the paying account has no open hold with the reference"
    case .holdExpired: "the hold has expired"
    case .holdOtherTerms: "the hold is of another asset or for another account"
    case .holdAmountExceeded: "less than the amount is still held"
    case .holdExpiryPassed: "the expiry is not after the time of the block"
    case .holdExpiryTooFar: "the expiry is more than 3,653 days after the time of the block"
    case .assetNotFrozen: "the asset is not frozen"
    case .recordForeignCollection: "the collection belongs to another member"
    case .recordVersionOverflow: "the record has as many versions as can be numbered"
    case .configurationOutdated: "the configuration has changed since the operation was prepared"
    case .rulesVersionNotNext: "versions of the rules follow one another"
    case .directoryUnknownNode: "the directory has no node of that name"
    case .directoryOtherMember: "the node belongs to another member"
    case .directoryPinInUse: "a transport key belongs to another node, or did when the block began"
    case .directoryFull: "the directory has as many nodes as it can have"
    case .directoryValidator: "the node is a validator, or was when the block began"
    case .validatorUnknown: "there is no validator of that name"
    case .validatorExists: "there is already a validator of that name"
    case .validatorLast: "no validator would be left"
    case .validatorTooMany: "there are as many validators as there can be"
    case .validatorInvalidKey: "the vote key is not a valid public key of the chain's suite"
    case .validatorKeyInUse: "the vote key is a validator's now, or was another validator's when the block began"
    case .validatorKeyChangedRecently: "the member changed the vote key less than 24 hours ago"
    }
  }
}
