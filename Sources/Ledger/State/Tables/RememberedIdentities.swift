internal import Cryptography
internal import Primitives

/// The ids of applied and failed transactions, kept until some time after they can no longer be applied.
///
/// The ids of a block are kept, forgotten and hashed in groups, ordered by the end of their validity, so that the
/// state map has one entry for each group instead of each id. Groups are forgotten in ascending order of (end,
/// height, number), which depends on the content alone. A heap provides this order at a bounded cost per group,
/// whatever the times are. Heap entries of groups that a reverted block had added stay in the heap until they come
/// up, and are then skipped.
struct RememberedIdentities: ~Copyable {
  // Not private: Swift 6.3 fails on a private type in a generic stored property of a noncopyable type.
  struct Fact: BitwiseCopyable {
    var identity: RememberedIdentity
    /// The slot of the id's group.
    var group: UInt32
    /// The place of the next id of the group; `none` after the last.
    var next: UInt32
  }

  struct Group: BitwiseCopyable {
    /// The height of the block that added the group; `vacant` once the group was removed.
    var height: UInt64
    /// The `validUntil` of the last id.
    var end: Timestamp
    /// The place of the first id.
    var first: UInt32
    var count: UInt16
    /// The number among the block's groups.
    var number: UInt16
    /// Whether an unsettled block forgot the group. The group stays for settled look-ups and in case that block is
    /// reverted. No later block can add its ids again, because they are no longer valid.
    var isForgotten = false
    /// Whether the block that forgot the group is settled, so that only the pinned state still has it.
    var isPast = false
  }

  /// The position of a group in the order of forgetting.
  struct Ending: Comparable, BitwiseCopyable {
    var end: Timestamp
    var height: UInt64
    var number: UInt16
    var slot: UInt32

    @inline(__always)
    static func < (left: Ending, right: Ending) -> Bool {
      if left.end != right.end { return left.end < right.end }
      return left.height != right.height ? left.height < right.height : left.number < right.number
    }
  }

  /// The groups that one block remembered and forgot, by slot.
  struct Trace {
    var remembered: [UInt32] = []
    var forgotten: [UInt32] = []
  }

  private var facts = Arena<Fact>()
  private var groups = Arena<Group>()
  private var index = SlotIndex()
  private let seed = HashSeed.process
  private var endings = FlatHeap<Ending>()
  private var open = Trace()
  private var traces: [Trace] = []
  private var settledHeight: UInt64 = 0
  /// The number of ids whose groups an unsettled block forgot, or only the pinned state has.
  private var forgottenCount = 0
  /// The height of the pinned state; nil while nothing is pinned.
  private var pinnedHeight: UInt64?
  /// The groups to remove once the state is no longer pinned.
  private var past: [UInt32] = []

  private static let none = UInt32.max
  /// The height of a removed group.
  private static let vacant = UInt64.max

  /// The number of remembered ids.
  var count: Int { index.count - forgottenCount }

  /// The group in a slot, even if an unsettled block forgot it.
  subscript(slot: UInt32) -> RememberedGroup {
    let group = groups.pointer(slot).pointee
    var identities: [RememberedIdentity] = []
    identities.reserveCapacity(Int(group.count))
    var place = group.first
    while place != Self.none {
      let fact = facts.pointer(place)
      identities.append(fact.pointee.identity)
      place = fact.pointee.next
    }
    return RememberedGroup(height: Height(group.height), number: group.number, identities: identities)
  }

  /// The groups that a block remembered and forgot.
  func trace(of block: ChangedBlock) -> Trace {
    switch block {
    case .open: open
    case .newest: traces.last ?? Trace()
    }
  }

  func contains(_ id: Digest) -> Bool { group(of: id).map { !$0.isForgotten } ?? false }

  /// Whether `id` is remembered as of the last settled block.
  func settledContains(_ id: Digest) -> Bool { group(of: id).map { $0.height <= settledHeight && !$0.isPast } ?? false }

  // MARK: A block

  /// Remembers the ids of the open block's transactions. None of them may be remembered already.
  mutating func remember(_ layouts: [TransactionLayout], height: UInt64) {
    if Mutation.forgetIdentities.isOn { return }
    for group in RememberedGroup.groups(of: layouts, height: Height(height)) {
      let slot = insert(group)
      endings.push(ending(slot))
      open.remembered.append(slot)
    }
  }

  /// Forgets groups whose validity ended before `now`, until none is left or at least `count` ids were forgotten.
  mutating func forget(before now: Timestamp, count: Int) {
    var left = count
    while left > 0, let first = endings.first, first.end < now {
      endings.removeFirst()
      let group = groups.pointer(first.slot)
      // A stale entry's group was removed, its slot is in use by another, or a second entry of the group came first.
      guard ending(first.slot) == first, !group.pointee.isForgotten else { continue }
      group.pointee.isForgotten = true
      forgottenCount += Int(group.pointee.count)
      open.forgotten.append(first.slot)
      left -= Int(group.pointee.count)
    }
  }

  mutating func endBlock() {
    traces.append(open)
    open = Trace()
  }

  mutating func settle(_ count: Int, upTo height: UInt64) {
    for trace in traces.prefix(count) {
      for slot in trace.forgotten { leave(slot) }
    }
    traces.removeFirst(count)
    settledHeight = height
  }

  /// Removes a group that a settled block forgot, or keeps it for the pinned state.
  private mutating func leave(_ slot: UInt32) {
    guard pinnedHeight != nil else { return removeForgotten(slot) }
    groups.pointer(slot).pointee.isPast = true
    past.append(slot)
  }

  mutating func revertBlock() {
    guard let trace = traces.popLast() else { preconditionFailure("there is no block to revert") }
    for slot in trace.remembered { remove(slot) }
    for slot in trace.forgotten {
      let group = groups.pointer(slot)
      group.pointee.isForgotten = false
      forgottenCount -= Int(group.pointee.count)
      endings.push(ending(slot))
    }
  }

  // MARK: The pinned state

  /// Keeps the ids remembered after the block at `height`, the last settled one, until `unpin`.
  mutating func pin(at height: UInt64) { pinnedHeight = height }

  mutating func unpin() {
    pinnedHeight = nil
    for slot in past { removeForgotten(slot) }
    past = []
  }

  /// The number of slots that `pinned` accepts.
  var slotCount: Int { groups.placeCount }

  /// The group in a slot; nil if it was not remembered at the pinned height.
  func pinned(_ slot: UInt32) -> RememberedGroup? {
    guard let pinnedHeight, groups.pointer(slot).pointee.height <= pinnedHeight else { return nil }
    return self[slot]
  }

  // MARK: Loading a snapshot

  /// Makes room for about as many ids as will be loaded.
  mutating func reserve(_ count: Int) { index.reserve(count) }

  /// Remembers a group of a snapshot and returns its slot.
  mutating func load(_ group: RememberedGroup) -> UInt32 {
    let slot = insert(group)
    endings.append(ending(slot))
    return slot
  }

  mutating func finishLoading(at height: UInt64) {
    settledHeight = height
    endings.restore()
  }

  // MARK: The groups

  @inline(__always)
  private func hash(_ id: Digest) -> UInt64 { seed.mix(id.word2, id.word0, id.word1) }

  @inline(__always)
  private func group(of id: Digest) -> Group? {
    index.slot(hash(id)) { facts.pointer($0).pointee.identity.id == id }
      .map { groups.pointer(facts.pointer($0).pointee.group).pointee }
  }

  private func ending(_ slot: UInt32) -> Ending {
    let group = groups.pointer(slot).pointee
    return Ending(end: group.end, height: group.height, number: group.number, slot: slot)
  }

  private mutating func insert(_ group: RememberedGroup) -> UInt32 {
    let slot = groups.insert(
      Group(
        height: group.height.rawValue, end: group.end, first: Self.none, count: UInt16(group.identities.count),
        number: group.number))
    var next = Self.none
    for identity in group.identities.reversed() {
      assert(self.group(of: identity.id) == nil, "transaction \(identity.id) is remembered already")
      next = facts.insert(Fact(identity: identity, group: slot, next: next))
      index.insert(hash(identity.id), next)
    }
    groups.pointer(slot).pointee.first = next
    return slot
  }

  private mutating func remove(_ slot: UInt32) {
    var place = groups.pointer(slot).pointee.first
    while place != Self.none {
      let fact = facts.pointer(place).pointee
      index.remove(hash(fact.identity.id), place)
      facts.remove(place)
      place = fact.next
    }
    groups.pointer(slot).pointee.height = Self.vacant
    groups.remove(slot)
  }

  private mutating func removeForgotten(_ slot: UInt32) {
    forgottenCount -= Int(groups.pointer(slot).pointee.count)
    remove(slot)
  }
}
