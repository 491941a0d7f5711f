import Primitives
import Replica
import Synchronization

/// What the hostile validator sends as a leader that starves its successor: a valid proposal to all but the next leader,
/// and notarize votes for the others' proposals, but never a finalize vote.
final class FalseLeader: Sendable {
  fileprivate struct State: ~Copyable {
    var forger: Forger
    var proposed: (view: View, frame: [UInt8])?
    var votes: [(view: View, frame: [UInt8])] = []
    /// The views of the last proposal and vote that each peer has been sent.
    var sent: [PeerID: (proposal: View, vote: View)] = [:]
  }

  private let state: Mutex<State>

  init(_ forger: consuming sending Forger) { state = Mutex(State(forger: forger)) }

  /// The frames that a peer has not been sent yet.
  func frames(for peer: PeerID, _ seen: Witnessed) -> [[UInt8]] {
    state.withLock { state in
      let (own, validators) = (state.forger.own, state.forger.validators)
      state.lead(seen)
      state.vote(seen)
      var frames: [[UInt8]] = []
      var sent = state.sent[peer] ?? (.genesis, .genesis)
      if let proposed = state.proposed, proposed.view > sent.proposal {
        sent.proposal = proposed.view
        let successor = proposed.view.next.map { validators.leader(of: $0) }
        if successor?.rawValue != peer.rawValue, validators.leader(of: proposed.view) == own {
          frames.append(proposed.frame)
        }
      }
      for vote in state.votes where vote.view > sent.vote {
        sent.vote = vote.view
        frames.append(vote.frame)
      }
      state.sent[peer] = sent
      return frames
    }
  }
}

extension FalseLeader.State {
  /// Makes a proposal if the view after the newest usable one is this validator's and has none yet.
  fileprivate mutating func lead(_ seen: Witnessed) {
    guard let usable = seen.usable?.proposal.view else { return }
    var view = max(usable, seen.finalView).next ?? usable
    // A view that was given up may lie between.
    if forger.validators.leader(of: view) != forger.own { view = max(view, seen.view) }
    guard forger.validators.leader(of: view) == forger.own, proposed.map({ $0.view < view }) ?? true,
      let frame = forger.validProposal(in: view, seen)
    else { return }
    proposed = (view, frame)
  }

  fileprivate mutating func vote(_ seen: Witnessed) {
    let last = votes.last?.view ?? .genesis
    for (view, known) in seen.proposals.sorted(by: { $0.key < $1.key }) where view > last {
      guard forger.validators.leader(of: view) != forger.own, let vote = forger.sign(.notarize(known.proposal)) else {
        continue
      }
      votes.append((view, PeerMessage.vote(vote).encoded()))
    }
    votes.removeFirst(max(0, votes.count - 16))
  }
}
