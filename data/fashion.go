package data

// FashionMNIST is Zalando's set of clothes in MNIST's form: 60,000 training and
// 10,000 test images of 28x28 grey pixels. H. Xiao, K. Rasul and R. Vollgraf,
// "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning
// Algorithms" (2017); the checksums are those of its README.
func FashionMNIST() Download {
	return Download{
		Name: "fashion-mnist",
		Mirrors: []string{
			"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
			"https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
		},
		MD5: map[string]string{
			"train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
			"train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
			"t10k-images-idx3-ubyte.gz":  "bef4ecab320f06d8554ea6380940ec79",
			"t10k-labels-idx1-ubyte.gz":  "bb300cfdad3c16e7a12a480ee83cd310",
		},
		ClassNames: FashionNames(),
	}
}

// FashionNames are the classes of Fashion-MNIST, in the order of their labels.
func FashionNames() []string {
	return []string{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"}
}
