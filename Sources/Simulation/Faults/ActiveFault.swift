internal import Primitives

/// A fault that lasts until it is ended.
enum ActiveFault {
  case cuts([(from: Int, to: Int)])
  case slowDisk(node: Int)
  case fullDisk(node: Int)
  case signersAway(nodes: [Int])
}
