/// A heap, smallest first, with four children per node: half as many levels as with two, each within one or two cache lines.
struct FlatHeap<Element: Comparable & BitwiseCopyable & Sendable>: Sendable {
  private var elements: [Element] = []

  var count: Int { elements.count }

  var first: Element? { elements.first }

  mutating func push(_ element: Element) {
    elements.append(element)
    var index = elements.count - 1
    while index > 0 {
      let parent = (index - 1) / 4
      guard element < elements[parent] else { break }
      elements[index] = elements[parent]
      index = parent
    }
    elements[index] = element
  }

  /// Removes the first element. The heap must not be empty.
  mutating func removeFirst() {
    let last = elements.removeLast()
    guard !elements.isEmpty else { return }
    var index = 0
    while true {
      let first = 4 * index + 1
      guard first < elements.count else { break }
      var least = first
      for child in first..<min(first + 4, elements.count) where elements[child] < elements[least] { least = child }
      guard elements[least] < last else { break }
      elements[index] = elements[least]
      index = least
    }
    elements[index] = last
  }

  /// Adds an element without regard to the order, which `restore` then brings about.
  mutating func append(_ element: Element) { elements.append(element) }

  /// Brings the elements into order. A sorted array is a heap.
  mutating func restore() { elements.sort() }

  /// Drops the elements for which `isStale` returns true, and repetitions.
  mutating func removeAll(where isStale: (Element) -> Bool) {
    elements.removeAll(where: isStale)
    restore()
    var last: Element?
    elements.removeAll { element in
      defer { last = element }
      return element == last
    }
  }
}
