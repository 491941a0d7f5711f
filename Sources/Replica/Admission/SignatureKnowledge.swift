/// What this node knows of the signatures of a transaction's very bytes.
enum SignatureKnowledge: Equatable {
  case verified
  case underCheck(Ticket)
  case unknown
}
