public import Primitives

/// The closings that a node knows, by the epoch that each ended. None of them is forgotten: they are what later proofs begin
/// with.
public struct ClosingBook: Hashable, Sendable {
  /// In ascending order of epochs, which is that of heights as well. Some may be missing, as after damage.
  private var list: [Closing] = []

  public init() {}

  /// All of them, in ascending order of epochs.
  public var all: [Closing] { list }

  public subscript(epoch: Epoch) -> Closing? {
    let place = place(of: epoch)
    return place < list.count && list[place].epoch == epoch ? list[place] : nil
  }

  /// The closing that leads to an epoch, that of the epoch before; nil for the first epoch.
  public func leading(to epoch: Epoch) -> Closing? { epoch == .first ? nil : self[Epoch(epoch.rawValue - 1)] }

  private func place(of epoch: Epoch) -> Int {
    // Nearly always all are here.
    if epoch.rawValue < UInt64(list.count), list[Int(epoch.rawValue)].epoch == epoch { return Int(epoch.rawValue) }
    return list.firstIndex { $0.epoch >= epoch } ?? list.count
  }

  /// Adds a closing; one that is known already stays as it is, because others of the same epoch prove the same.
  public mutating func note(_ closing: Closing) {
    let place = place(of: closing.epoch)
    guard place == list.count || list[place].epoch != closing.epoch else { return }
    list.insert(closing, at: place)
  }

  /// The first closing whose block is not below `height`.
  public func first(from height: Height) -> Closing? {
    var low = 0
    var high = list.count
    while low < high {
      let middle = (low + high) / 2
      if list[middle].result.height < height { low = middle + 1 } else { high = middle }
    }
    return low < list.count ? list[low] : nil
  }

  /// The epoch of the block at `height`, as far as the closings tell: if one is missing, it may be a later one.
  public func epoch(of height: Height) -> Epoch {
    if let next = first(from: height) { return next.epoch }
    return list.last?.next ?? .first
  }

  /// The first epoch whose closing is missing, of those before `end`; nil if none is.
  public func firstMissing(before end: Epoch) -> Epoch? {
    let count = end.rawValue
    if count == 0 || (count <= UInt64(list.count) && list[Int(count) - 1].next == end) { return nil }
    var expected = Epoch.first
    for closing in list {
      guard closing.epoch == expected else { break }
      expected = closing.next
    }
    return expected
  }

  /// The closings of the epochs from `first` up to the one before `end`, without a gap; nil if one is missing.
  public func closings(from first: Epoch = .first, before end: Epoch) -> Closings? {
    guard first < end else { return Closings(first: first) }
    let place = place(of: first)
    guard end.rawValue - first.rawValue <= UInt64(list.count - place) else { return nil }
    let count = Int(end.rawValue - first.rawValue)
    guard list[place].epoch == first, list[place + count - 1].next == end else { return nil }
    return Closings(Array(list[place..<place + count]), first: first)
  }

  /// The blocks of an epoch lie above this height; nil if the closing of the epoch before is missing.
  public func opening(of epoch: Epoch) -> Height? {
    epoch == .first ? .genesis : leading(to: epoch)?.result.height
  }

  /// The validators of the newest epoch that is known.
  public func newestValidators(_ genesis: Genesis) -> ValidatorSet {
    list.last.map { $0.configuration.validatorSet(of: $0.next) } ?? genesis.validatorSet
  }

  /// Whether one validator has had both vote keys, as far as the closings tell.
  public func areOfOne(_ key: PublicKey, _ other: PublicKey, _ genesis: Genesis) -> Bool {
    guard let name = validator(holding: key, genesis) else { return false }
    return name == validator(holding: other, genesis)
  }

  /// The validator that has or had this vote key, as far as the closings tell.
  private func validator(holding key: PublicKey, _ genesis: Genesis) -> String? {
    let sets = [genesis.validatorSet] + list.map { $0.configuration.validatorSet(of: $0.next) }
    return sets.lazy.compactMap { set in set.index(ofVoteKey: key).map { set[$0].name } }.first
  }

  /// The validators of an epoch: those of genesis, or those that the closing of the epoch before names; nil if that is not
  /// known. Whoever added the closings vouches for them.
  public func validators(of epoch: Epoch, _ genesis: Genesis) -> ValidatorSet? {
    if epoch == .first { return genesis.validatorSet }
    return leading(to: epoch)?.configuration.validatorSet(of: epoch)
  }
}
