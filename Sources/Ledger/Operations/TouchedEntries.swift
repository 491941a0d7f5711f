/// What an operation touches, as far as histories and look-ups follow it.
package struct TouchedEntries: Sendable, BitwiseCopyable {
  /// The accounts that the operation names.
  package let first: AccountName?
  package let second: AccountName?
  /// The account that it opens without naming it.
  package let openedAccount: AccountName?
  /// The asset whose amount it states.
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

  /// The record that it writes a version of.
  package var record: (collection: CollectionName, key: ByteRange)? {
    guard let collection, let recordKey else { return nil }
    return (collection, recordKey)
  }
}
