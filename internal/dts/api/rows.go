package api

// row is an element of a list that is paged, or as large as one.
type row interface{ row() }

func (*Job) row()             {}
func (*EtlJob) row()          {}
func (*ProgressItem) row()    {}
func (*DistributedJob) row()  {}
func (*FullNetCheckJob) row() {}

// element is an element of another list.
type element interface{ element() }

func (*PrecheckDetail) element() {}
func (*ErrorDetail) element()    {}
func (*JobLog) element()         {}
func (*NetworkReport) element()  {}
func (*tag) element()            {}
