internal import Primitives

/// The ids of applied and failed transactions, until some time after they could no longer be applied again.
///
/// Forgetting goes by (valid until, id), the smallest first, and so depends on the content alone. A heap gives that
/// order, at a bounded cost for each id whatever their times are. Entries of ids that a reverted block had brought
/// stay in it until they come up, and are skipped then.
struct RememberedIdentities: ~Copyable {
  struct Identity: Comparable, BitwiseCopyable {
    var validUntil: Timestamp
    var id: Digest

    static func == (left: Identity, right: Identity) -> Bool {
      left.validUntil == right.validUntil && left.id == right.id
    }

    @inline(__always)
    static func < (left: Identity, right: Identity) -> Bool {
      left.validUntil != right.validUntil ? left.validUntil < right.validUntil : left.id < right.id
    }
  }

  // Not private: Swift 6.3 stops at a private type in a generic stored property of a non-copyable one.
  struct Fact: BitwiseCopyable {
    var identity: Identity
    /// Of the block that brought it.
    var height: UInt64
    /// Whether an unsettled block forgot it. It stays for the settled look-ups and in case that block is reverted.
    /// No later block can bring it again: its time is over.
    var isForgotten: Bool
    /// Whether the block that forgot it is settled: only the pinned past still has it.
    var isPast = false
  }

  /// What one block did.
  struct Trace {
    var remembered: [Identity] = []
    var forgotten: [Identity] = []
  }

  private var facts = Arena<Fact>()
  private var index = SlotIndex()
  private let seed = HashSeed.process
  private var heap: [Identity] = []
  private var height: UInt64 = 0
  private var open = Trace()
  private var traces: [Trace] = []
  private var settledHeight: UInt64 = 0
  private var forgottenCount = 0
  /// The height of the pinned past, nil while nothing is pinned.
  private var pinnedHeight: UInt64?
  /// Ids that leave when the past is not pinned any more.
  private var past: [Digest] = []
  /// Stands in the place of a fact that left.
  private static let vacant = UInt64.max

  var count: Int { index.count - forgottenCount }

  subscript(place: UInt32) -> Identity { facts.pointer(place).pointee.identity }

  /// The place of an id that is remembered, or that an unsettled block forgot.
  func place(of id: Digest) -> UInt32 {
    guard let slot = slot(of: id) else { preconditionFailure("transaction \(id) is not remembered") }
    return slot
  }

  /// What a block did.
  func trace(of block: ChangedBlock) -> Trace {
    switch block {
    case .open: open
    case .newest: traces.last ?? Trace()
    }
  }

  func contains(_ id: Digest) -> Bool { validUntil(id) != nil }

  /// When a remembered id's time ends.
  func validUntil(_ id: Digest) -> Timestamp? {
    guard let slot = slot(of: id), !facts.pointer(slot).pointee.isForgotten else { return nil }
    return facts.pointer(slot).pointee.identity.validUntil
  }

  /// Whether the last settled block left `id` remembered.
  func settledContains(_ id: Digest) -> Bool {
    guard let fact = slot(of: id).map({ facts.pointer($0).pointee }) else { return false }
    return fact.height <= settledHeight && !fact.isPast
  }

  mutating func beginBlock(_ height: UInt64) { self.height = height }

  /// Remembers an id that is not remembered.
  mutating func remember(_ id: Digest, validUntil: Timestamp) {
    #if DEBUG
      if Mutation.current == .forgetIdentities { return }
    #endif
    assert(slot(of: id) == nil, "transaction \(id) is remembered already")
    let identity = Identity(validUntil: validUntil, id: id)
    index.insert(hash(id), facts.insert(Fact(identity: identity, height: height, isForgotten: false)))
    push(identity)
    open.remembered.append(identity)
  }

  /// Forgets at most `limit` ids whose time ended before `now`.
  mutating func forget(before now: Timestamp, limit: Int) {
    var left = limit
    while left > 0, let first = heap.first, first.validUntil < now {
      pop()
      // A stale entry's id is gone, or came back with the same time, as the id binds it: then its other entry
      // follows and finds it forgotten.
      guard let slot = slot(of: first.id), !facts.pointer(slot).pointee.isForgotten else { continue }
      facts.pointer(slot).pointee.isForgotten = true
      forgottenCount += 1
      open.forgotten.append(first)
      left -= 1
    }
  }

  mutating func endBlock() {
    traces.append(open)
    open = Trace()
  }

  mutating func settle(_ count: Int, upTo height: UInt64) {
    for trace in traces.prefix(count) {
      for identity in trace.forgotten { leave(identity.id) }
    }
    traces.removeFirst(count)
    settledHeight = height
  }

  /// A settled block forgot it: nobody needs it any more, unless the past is pinned.
  private mutating func leave(_ id: Digest) {
    guard pinnedHeight != nil, let slot = slot(of: id) else {
      forgottenCount -= 1
      return remove(id)
    }
    facts.pointer(slot).pointee.isPast = true
    past.append(id)
  }

  mutating func revertBlock() {
    guard let trace = traces.popLast() else { preconditionFailure("no block to take back") }
    for identity in trace.remembered { remove(identity.id) }
    forgottenCount -= trace.forgotten.count
    for identity in trace.forgotten {
      guard let slot = slot(of: identity.id) else {
        preconditionFailure("the forgotten transaction \(identity.id) was not kept for its revert")
      }
      facts.pointer(slot).pointee.isForgotten = false
      push(identity)
    }
  }

  // MARK: A pinned past

  /// Keeps what is remembered after the block at `height`, the last settled one, until `unpin`.
  mutating func pin(at height: UInt64) { pinnedHeight = height }

  mutating func unpin() {
    pinnedHeight = nil
    for id in past {
      remove(id)
      forgottenCount -= 1
    }
    past = []
  }

  /// How many places `pinned` may be asked about.
  var placeCount: Int { facts.placeCount }

  /// The identity in a place if it was remembered at the pinned height.
  func pinned(place: UInt32) -> Identity? {
    let fact = facts.pointer(place).pointee
    guard let pinnedHeight, fact.height <= pinnedHeight else { return nil }
    return fact.identity
  }

  // MARK: Loading a snapshot

  /// Makes room for about as many ids as will be loaded.
  mutating func reserve(_ count: Int) {
    index.reserve(count)
    heap.reserveCapacity(count)
  }

  /// Remembers an id of a snapshot.
  mutating func load(_ identity: Identity) -> UInt32 {
    let place = facts.insert(Fact(identity: identity, height: 0, isForgotten: false))
    index.insert(hash(identity.id), place)
    heap.append(identity)
    return place
  }

  mutating func finishLoading(at height: UInt64) {
    settledHeight = height
    // What is in order is a heap.
    heap.sort()
  }

  // MARK: The set

  @inline(__always)
  private func hash(_ id: Digest) -> UInt64 { seed.mix(id.word2, id.word0, id.word1) }

  @inline(__always)
  private func slot(of id: Digest) -> UInt32? {
    index.slot(hash(id)) { facts.pointer($0).pointee.identity.id == id }
  }

  private mutating func remove(_ id: Digest) {
    guard let slot = slot(of: id) else { preconditionFailure("transaction \(id) is not remembered") }
    index.remove(hash(id), slot)
    facts.pointer(slot).pointee.height = Self.vacant
    facts.remove(slot)
  }

  // MARK: The heap, with four children to a node: half as many steps, each in one or two lines of cache

  private mutating func push(_ identity: Identity) {
    heap.append(identity)
    var index = heap.count - 1
    while index > 0 {
      let parent = (index - 1) / 4
      guard identity < heap[parent] else { break }
      heap[index] = heap[parent]
      index = parent
    }
    heap[index] = identity
  }

  private mutating func pop() {
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    var index = 0
    while true {
      let first = 4 * index + 1
      guard first < heap.count else { break }
      var least = first
      for child in first..<min(first + 4, heap.count) where heap[child] < heap[least] { least = child }
      guard heap[least] < last else { break }
      heap[index] = heap[least]
      index = least
    }
    heap[index] = last
  }
}
