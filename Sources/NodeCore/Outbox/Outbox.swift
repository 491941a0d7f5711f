internal import DequeModule
package import Primitives
package import Replica

/// The choke point of "persist, then send" (protocol rule R26): holds back every frame whose stamp is not durable yet.
package struct Outbox: ~Copyable {
  private var waiting: Deque<Send> = []

  package init() {}

  package var count: Int { waiting.count }

  /// Accepts the sends of a step and returns all that may be sent now, older ones first.
  package mutating func release(_ sends: [Send], durable: LogPosition) -> [Send] {
    var durable = durable
    if Mutation.sendBeforeSync.isOn { durable = LogPosition(.max) }
    var ready: [Send] = []
    while let first = waiting.first, first.after <= durable {
      ready.append(first)
      waiting.removeFirst()
    }
    for send in sends {
      if send.after <= durable {
        ready.append(send)
      } else {
        let last = waiting.last?.after ?? .start
        precondition(last <= send.after, "a send with stamp \(send.after) comes after one with \(last)")
        waiting.append(send)
      }
    }
    return ready
  }
}
