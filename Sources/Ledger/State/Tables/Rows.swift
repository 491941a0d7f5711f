internal import Primitives

// The rows of the state's tables: what the state says, and slots of other tables in place of names.

extension Member: TableRow {
  var key: Name { name }
  static var isListed: Bool { true }
}

struct AccountRow: TableRow {
  var account: Account
  var owner: UInt32

  var key: AccountName { account.name }
  static var isListed: Bool { true }
}

struct AssetRow: TableRow {
  var asset: Asset
  var issuer: UInt32

  var key: Name { asset.name }
  static var isListed: Bool { true }
}

/// Stays when the balance falls to zero; then it has no entry in the state. 32 bytes: the hottest row.
struct BalanceRow: TableRow, BitwiseCopyable {
  var amount: Amount
  var account: UInt32
  var asset: UInt32
  /// The next balance of the account, `none` after the last.
  var next: UInt32
  /// Its leaf in the state map, or one that was: the map says if it is (`MerkleMap.key(ofLeaf:at:)`).
  var leaf: UInt32

  static let none = UInt32.max
  static func key(account: UInt32, asset: UInt32) -> UInt64 { UInt64(account) << 32 | UInt64(asset) }
  var key: UInt64 { Self.key(account: account, asset: asset) }
  static var isListed: Bool { false }
}

struct CollectionRow: TableRow {
  var name: CollectionName
  var owner: UInt32

  var key: CollectionName { name }
  static var isListed: Bool { true }
}

struct RecordRow: TableRow {
  /// Compared by bytes: `String` takes different bytes for equal if they look the same.
  struct Key: Hashable, TableKey {
    var collection: CollectionName
    var key: [UInt8]

    static func < (left: Key, right: Key) -> Bool {
      left.collection != right.collection
        ? left.collection < right.collection : left.key.lexicographicallyPrecedes(right.key)
    }
  }

  let key: Key
  /// The latest version.
  var record: RecordVersion

  static var isListed: Bool { true }
}

struct RecordVersionRow: TableRow {
  struct Key: Hashable, TableKey {
    var record: UInt32
    var version: UInt64

    static func < (left: Key, right: Key) -> Bool {
      left.record != right.record ? left.record < right.record : left.version < right.version
    }
  }

  /// The record's slot.
  var slot: UInt32
  var record: RecordVersion

  var key: Key { Key(record: slot, version: record.version) }
  static var isListed: Bool { false }
}
