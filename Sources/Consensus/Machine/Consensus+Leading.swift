import Primitives

/// This node's turn as leader: when to build, on which parent, and its proposal.
extension Consensus {
  /// Asks for a block once there is a reason to build one and a parent to build on (R17).
  mutating func lead(_ effects: inout [ConsensusEffect]) {
    guard let empty = wantedBlock, case .block(let parent) = parentToBuildOn else { return }
    views[existing: view].building = .requested(parent)
    // Others may still be in the epoch before (R37).
    if parent.view == .genesis, let opening = configuration.openingCertificate { effects.append(.broadcast(opening)) }
    effects.append(.build(round, parent: parent, empty: empty))
  }

  /// Whether a block should be built now: nil if not, otherwise whether it may be empty. Transactions are proposed
  /// immediately; an empty block only carries an unfinished block forward, after half of the wait.
  var wantedBlock: Bool? {
    let state = views[existing: view]
    guard state.leader == own, mayNotarize(state), state.slot == .none else { return nil }
    switch state.building {
    case .requested, .done: return nil
    case .none where transactionsWait: return false
    case .none, .declined:
      return pacemaker.halfSpent && isCarrying ? true : nil
    }
  }

  /// Whether an empty block is of use: it carries an unfinished block forward, or opens an epoch, which shows that its
  /// validators work (R38).
  var isCarrying: Bool {
    highestUsable.view > lastFinalized.view || (configuration.epoch > .first && lastFinalized.view == .genesis)
  }

  /// The parent of an own block, or the view that keeps this node from building.
  enum Parent: Equatable {
    case block(BlockReference)
    /// The view is neither usable nor nullified here.
    case notYet(View)
  }

  /// The highest usable view below the current one such that every view between has a nullification here.
  var parentToBuildOn: Parent {
    var position = views.position(of: view)
    var expected = View(view.rawValue - 1)
    while expected > lastFinalized.view {
      if expected <= views.bridge.through, expected > views.bridge.base {
        expected = views.bridge.base
        position = views.position(of: expected) + 1
        continue
      }
      position -= 1
      guard position >= 0, views[position].view == expected else { return .notYet(expected) }
      if let usable = views[position].usable { return .block(usable) }
      if Mutation.skipNullifications.isOn {
        expected = View(expected.rawValue - 1)
        continue
      }
      guard views[position].nullification != nil else { return .notYet(expected) }
      expected = View(expected.rawValue - 1)
    }
    return .block(lastFinalized)
  }

  mutating func built(_ built: View, _ block: Digest?, _ effects: inout [ConsensusEffect]) {
    guard built == view, case .requested(let parent) = views[existing: view].building else { return }
    views[existing: view].building = .done
    guard let block, parent.view >= lastFinalized.view else {
      giveUp(.buildFailed, &effects)
      return
    }
    guard mayNotarize(views[existing: view]), views[existing: view].slot == .none else { return }
    let proposal = Proposal(epoch: configuration.epoch, view: view, parent: parent.view, block: block)
    views[existing: view].slot = .checking(proposal)
    effects.append(.check(proposal, parent: parent))
  }

  mutating func declined(_ declined: View) {
    guard declined == view, case .requested = views[existing: view].building else { return }
    views[existing: view].building = .declined
  }

  mutating func work(_ waits: Bool) {
    transactionsWait = waits
    if waits, views[existing: view].building == .declined { views[existing: view].building = .none }
  }
}
