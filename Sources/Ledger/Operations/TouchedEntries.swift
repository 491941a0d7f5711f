/// The entries that an operation touches, as far as histories and look-ups need them.
package struct TouchedEntries: Sendable, BitwiseCopyable {
  /// The accounts that the operation names.
  package let first: AccountName?
  package let second: AccountName?
  /// The account that the operation opens without naming it.
  package let openedAccount: AccountName?
  /// The asset of which the operation states an amount.
  package let movedAsset: Name?
  private let collection: CollectionName?
  private let recordKey: ByteRange?

  init(
    _ first: AccountName? = nil, _ second: AccountName? = nil, openedAccount: AccountName? = nil,
    movedAsset: Name? = nil, record: (collection: CollectionName, key: ByteRange)? = nil
  ) {
    self.first = first
    self.second = second
    self.openedAccount = openedAccount
    self.movedAsset = movedAsset
    collection = record?.collection
    recordKey = record?.key
  }

  static var none: TouchedEntries { TouchedEntries() }

  /// Whether the operation names the account.
  package func names(_ account: AccountName) -> Bool { account == first || account == second }

  /// The record of which the operation writes a version.
  package var record: (collection: CollectionName, key: ByteRange)? {
    guard let collection, let recordKey else { return nil }
    return (collection, recordKey)
  }
}
