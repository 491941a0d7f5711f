/// The version of the software, shown by the status and by `roadbed --version`.
package enum NodeVersion {
  package static let text = "0.1.0"
}
