internal import NIOCore
internal import Primitives

/// How an open link was made. Decides between two links of the same peer.
///
/// Usually the newer link replaces the older one, because a side dials only while it knows of no link: who dials again has
/// lost the older one. The exception are two links that cross, because both sides dialled before either knew of the other's
/// link. Then both sides must keep the same one, whichever they open first: it is the link that the side with the lower pin
/// dialled. Otherwise each could keep the one that it saw last, and both would be closed, again and again.
///
/// Both sides see the same two dialling sides, pins and instances, so they decide alike, if both take the links to be
/// crossing. A link that is dialled while there is none opens on both sides within three handshake time-outs of the dial (one
/// to connect, one until the dialler opens it, one until the other side does), and a link that the dialler did not know
/// may have opened at the other side at most one time-out before. So two links cross only if the second opens
/// within four time-outs of the first. If it comes later, the first is dead at the other side, even if this one has not
/// noticed yet; and if the instances differ, the process that the first link led to has ended. Then the newer one counts.
/// Afterwards neither side dials, since both have a link.
///
/// Crossing links are no sign of two processes (attack C9), because `InstanceHistory` does not count an instance that follows
/// itself. After a restart, hellos of the ended process can be read at most twice, on a link dialled by either side; they are
/// read before the new process can have made its next link, and so as one return.
struct LinkOrigin: Sendable {
  /// Whether this node dialled it.
  var isDialled: Bool
  var ownPin: Digest
  /// The pin of the key that the peer proved.
  var pin: Digest
  /// The instance in the peer's hello.
  var instance: UInt64
  var openedAt: NIODeadline

  /// Whether this link stays, and `newer` is not taken.
  /// - Parameter crossing: the age from which this link no longer crosses a new one.
  func prevails(over newer: LinkOrigin, crossing: TimeAmount) -> Bool {
    guard isDialled != newer.isDialled, instance == newer.instance, pin == newer.pin,
      newer.openedAt - openedAt < crossing
    else { return false }
    return isDialled == (ownPin < pin)
  }
}
