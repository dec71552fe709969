"""Networks as courses and books write them, with what each is read as. All texts are our own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Snippet:
    """A text, the classes of its layers in their order without inputs, and parts of what cannot be read.

    `model` is the name of the model that is meant, for tests that run the text with the real Keras; empty where it
    cannot be run, because it is of an old version or needs what is not there.
    """

    text: str
    classes: str
    unread: tuple[str, ...] = ()
    model: str = "model"


SNIPPETS: dict[str, Snippet] = {}

SNIPPETS["mlp_of_keras_1"] = Snippet(
    """
from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Activation
from keras.optimizers import SGD
from keras.datasets import mnist
from keras.utils import np_utils

batch_size = 128
nb_classes = 10
nb_epoch = 12

(X_train, y_train), (X_test, y_test) = mnist.load_data()
X_train = X_train.reshape(60000, 784)
X_train = X_train.astype("float32") / 255
Y_train = np_utils.to_categorical(y_train, nb_classes)

model = Sequential()
model.add(Dense(512, input_dim=784, init="he_normal", W_regularizer="l2"))
model.add(Activation("relu"))
model.add(Dropout(p=0.2))
model.add(Dense(output_dim=nb_classes))
model.add(Activation("softmax"))
model.summary()
model.compile(loss="categorical_crossentropy", optimizer=SGD(lr=0.1), metrics=["accuracy"])
history = model.fit(X_train, Y_train, batch_size=batch_size, nb_epoch=nb_epoch, verbose=1)
score = model.evaluate(X_test, y_test, verbose=0)
print("Test score:", score[0])
""",
    "Dense Activation Dropout Dense Activation",
    model="",
)

SNIPPETS["cnn_mnist"] = Snippet(
    """
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

num_classes = 10
input_shape = (28, 28, 1)

model = keras.Sequential(
    [
        keras.Input(shape=input_shape),
        layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Conv2D(64, kernel_size=(3, 3), activation="relu"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(num_classes, activation="softmax"),
    ]
)
model.summary()
""",
    "Conv2D MaxPooling2D Conv2D MaxPooling2D Flatten Dropout Dense",
)

SNIPPETS["cnn_cifar_old"] = Snippet(
    """
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Conv2D as C, MaxPool2D, Flatten, BatchNormalization, Dropout
from tensorflow.keras import regularizers

weight_decay = 1e-4
model = Sequential(name="cifar")
for n, filters in enumerate([32, 64, 128]):
    extra = {"input_shape": (32, 32, 3)} if n == 0 else {}
    model.add(C(filters, (3, 3), padding="SAME", kernel_regularizer=regularizers.l2(weight_decay),
                activation="relu", name="conv_%d" % n, **extra))
    model.add(BatchNormalization())
    model.add(MaxPool2D((2, 2)))
    model.add(Dropout(0.2 + 0.1 * n))
model.add(Flatten())
model.add(Dense(10, activation="softmax"))
""",
    "Conv2D BatchNormalization MaxPooling2D Dropout " * 3 + "Flatten Dense",
)

SNIPPETS["image_data_format"] = Snippet(
    """
from keras import backend as K
from keras.models import Sequential
from keras.layers import Convolution2D, MaxPooling2D, Flatten, Dense

rows, cols = 28, 28
if K.image_data_format() == "channels_first":
    shape = (1, rows, cols)
else:
    shape = (rows, cols, 1)
model = Sequential()
model.add(Convolution2D(32, 3, 3, border_mode="same", activation="relu", input_shape=shape))
model.add(Convolution2D(nb_filter=16, nb_row=5, nb_col=5))
model.add(MaxPooling2D())
model.add(Flatten())
model.add(Dense(10))
""",
    "Conv2D Conv2D MaxPooling2D Flatten Dense",
    model="",
)

SNIPPETS["imdb_lstm"] = Snippet(
    """
import tensorflow as tf

max_features = 20000
maxlen = 80

model = tf.keras.Sequential()
model.add(tf.keras.layers.Embedding(max_features, 128))
model.add(tf.keras.layers.Bidirectional(tf.keras.layers.LSTM(64, return_sequences=True)))
model.add(tf.keras.layers.LSTM(32, dropout=0.2, recurrent_dropout=0.2))
model.add(tf.keras.layers.Dense(1, activation=tf.nn.sigmoid))
model.build((None, maxlen))
model.compile(loss=tf.keras.losses.BinaryCrossentropy(), optimizer="adam", metrics=["accuracy"])
""",
    "Embedding Bidirectional LSTM Dense",
)

SNIPPETS["two_branches"] = Snippet(
    """
import keras
L = keras.layers

text = keras.Input(shape=(100,), name="text")
image = keras.Input((32, 32, 3), name="image")
a = L.Embedding(1000, 16)(text)
a = L.GlobalAveragePooling1D()(a)
b = L.Conv2D(8, 3, activation=keras.activations.relu)(image)
b = L.GlobalAveragePooling2D()(b)
joined = L.concatenate([a, b], axis=-1)
joined = L.Dense(16, activation=L.LeakyReLU(negative_slope=0.1))(joined)
price = L.Dense(1, name="price")(joined)
kind = L.Dense(3, activation="softmax", name="kind")(joined)
model = keras.Model(inputs=[text, image], outputs=[price, kind])
""",
    "Embedding GlobalAveragePooling1D Conv2D GlobalAveragePooling2D Concatenate Dense Dense Dense",
)

SNIPPETS["residual_function"] = Snippet(
    """
from tensorflow.keras import layers, Model, Input

def residual_block(x, filters, strides=1):
    shortcut = x
    x = layers.Conv2D(filters, 3, strides=strides, padding="same")(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(filters, 3, padding="same")(x)
    x = layers.BatchNormalization()(x)
    if strides != 1:
        shortcut = layers.Conv2D(filters, 1, strides=strides, padding="same")(shortcut)
    x = layers.Add()([x, shortcut])
    return layers.ReLU()(x)

def build_resnet(shape=(32, 32, 3), classes=10):
    inputs = Input(shape=shape)
    x = layers.Conv2D(16, 3, padding="same", activation="relu")(inputs)
    filters = 16
    for stage in range(2):
        for block in range(2):
            strides = 2 if stage > 0 and block == 0 else 1
            x = residual_block(x, filters, strides=strides)
        filters *= 2
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(classes, activation="softmax")(x)
    return Model(inputs, outputs, name="resnet")

model = build_resnet()
""",
    "Conv2D "
    + "Conv2D BatchNormalization ReLU Conv2D BatchNormalization Add ReLU " * 2
    + "Conv2D BatchNormalization ReLU Conv2D BatchNormalization Conv2D Add ReLU "
    + "Conv2D BatchNormalization ReLU Conv2D BatchNormalization Add ReLU "
    + "GlobalAveragePooling2D Dense",
)

SNIPPETS["inception_function"] = Snippet(
    """
from keras.layers import Input, Conv2D, MaxPooling2D, concatenate, GlobalAveragePooling2D, Dense
from keras.models import Model

def inception(x, f1, f3_in, f3, f5_in, f5, proj):
    one = Conv2D(f1, (1, 1), padding="same", activation="relu")(x)
    three = Conv2D(f3_in, (1, 1), padding="same", activation="relu")(x)
    three = Conv2D(f3, (3, 3), padding="same", activation="relu")(three)
    five = Conv2D(f5_in, (1, 1), padding="same", activation="relu")(x)
    five = Conv2D(f5, (5, 5), padding="same", activation="relu")(five)
    pool = MaxPooling2D((3, 3), strides=(1, 1), padding="same")(x)
    pool = Conv2D(proj, (1, 1), padding="same", activation="relu")(pool)
    return concatenate([one, three, five, pool], axis=3)

visible = Input(shape=(64, 64, 3))
layer = inception(visible, 16, 8, 16, 4, 8, 8)
layer = inception(layer, *[32, 16, 32, 8, 16], proj=16)
layer = GlobalAveragePooling2D()(layer)
model = Model(inputs=visible, outputs=Dense(5)(layer))
""",
    ("Conv2D Conv2D Conv2D Conv2D Conv2D MaxPooling2D Conv2D Concatenate " * 2) + "GlobalAveragePooling2D Dense",
)

SNIPPETS["unet"] = Snippet(
    """
from tensorflow import keras
from tensorflow.keras import layers

def conv_block(x, filters):
    for _ in range(2):
        x = layers.Conv2D(filters, 3, padding="same", kernel_initializer="he_normal")(x)
        x = layers.Activation("relu")(x)
    return x

def encoder(x, filters):
    skip = conv_block(x, filters)
    return skip, layers.MaxPooling2D(2)(skip)

def decoder(x, skip, filters):
    x = layers.Conv2DTranspose(filters, 2, strides=2, padding="same")(x)
    x = layers.Concatenate()([x, skip])
    return conv_block(x, filters)

def unet(size=64, channels=3, classes=2, start=8, depth=2):
    inputs = keras.Input((size, size, channels))
    x, skips = inputs, []
    for level in range(depth):
        skip, x = encoder(x, start * 2 ** level)
        skips.append(skip)
    x = conv_block(x, start * 2 ** depth)
    for level, skip in zip(reversed(range(depth)), reversed(skips)):
        x = decoder(x, skip, start * 2 ** level)
    outputs = layers.Conv2D(classes, 1, activation="softmax" if classes > 1 else "sigmoid")(x)
    return keras.Model(inputs, outputs)

if __name__ == "__main__":
    model = unet()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
""",
    ("Conv2D Activation Conv2D Activation MaxPooling2D " * 2)
    + "Conv2D Activation Conv2D Activation "
    + ("Conv2DTranspose Concatenate Conv2D Activation Conv2D Activation " * 2)
    + "Conv2D",
)

SNIPPETS["siamese"] = Snippet(
    """
from tensorflow.keras import Input, Model, layers

shared = layers.LSTM(16)
left, right = Input(shape=(20, 4), name="left"), Input(shape=(20, 4), name="right")
a = shared(left)
b = shared(right)
distance = layers.Subtract()([a, b])
model = Model([left, right], layers.Dense(1, activation="sigmoid")(distance))
""",
    "LSTM LSTM Subtract Dense",
)

SNIPPETS["siamese_of_a_model"] = Snippet(
    """
from keras import Sequential, Input, Model
from keras.layers import Dense, multiply

base = Sequential([Dense(8, activation="relu", input_shape=(6,)), Dense(4)], name="base")
one, two = Input((6,)), Input((6,))
model = Model([one, two], Dense(1)(multiply([base(one), base(two)])))
""",
    "Dense Dense Dense Dense Multiply Dense",
)

SNIPPETS["autoencoder"] = Snippet(
    """
import keras
from keras import layers

encoding_dim = 32
input_img = keras.Input(shape=(784,))
encoded = layers.Dense(encoding_dim, activation="relu")(input_img)
decoded = layers.Dense(784, activation="sigmoid")(encoded)
autoencoder = keras.Model(input_img, decoded)
encoder = keras.Model(input_img, encoded)
encoded_input = keras.Input(shape=(encoding_dim,))
decoder_layer = autoencoder.layers[-1]
decoder = keras.Model(encoded_input, decoder_layer(encoded_input))
autoencoder.compile(optimizer="adam", loss="binary_crossentropy")
autoencoder.fit(x_train, x_train, epochs=50, batch_size=256, shuffle=True, validation_data=(x_test, x_test))
""",
    "Dense Dense",
    model="",
)

SNIPPETS["autoencoder_of_models"] = Snippet(
    """
import keras
from keras import layers

encoder = keras.Sequential([layers.Input((28, 28, 1)), layers.Flatten(), layers.Dense(16)], name="encoder")
decoder = keras.Sequential([layers.Input((16,)), layers.Dense(784), layers.Reshape((28, 28, 1))], name="decoder")
inputs = keras.Input((28, 28, 1))
model = keras.Model(inputs, decoder(encoder(inputs)))
""",
    "Flatten Dense Dense Reshape",
)

SNIPPETS["vae"] = Snippet(
    """
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

latent_dim = 2

class Sampling(layers.Layer):
    def call(self, inputs):
        z_mean, z_log_var = inputs
        epsilon = tf.random.normal(shape=tf.shape(z_mean))
        return z_mean + tf.exp(0.5 * z_log_var) * epsilon

inputs = keras.Input(shape=(28, 28, 1))
x = layers.Conv2D(32, 3, activation="relu", strides=2, padding="same")(inputs)
x = layers.Flatten()(x)
z_mean = layers.Dense(latent_dim, name="z_mean")(x)
z_log_var = layers.Dense(latent_dim, name="z_log_var")(x)
z = Sampling()([z_mean, z_log_var])
x = layers.Dense(7 * 7 * 64, activation="relu")(z)
outputs = layers.Lambda(lambda t: t * 2)(x)
vae = keras.Model(inputs, outputs)
""",
    "Conv2D Flatten Dense Dense",
    ("Sampling is a layer written in the text", "Lambda runs code of its own"),
    model="",
)

SNIPPETS["transfer"] = Snippet(
    """
from tensorflow.keras.applications import VGG16
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, GlobalAveragePooling2D

base = VGG16(weights="imagenet", include_top=False, input_shape=(64, 64, 3))
base.trainable = False
for layer in base.layers[:-4]:
    layer.trainable = False
model = Sequential([base, GlobalAveragePooling2D(), Dense(1, activation="sigmoid")])
""",
    "GlobalAveragePooling2D Dense",
    ("VGG16 is a pretrained model",),
    model="",
)

SNIPPETS["transfer_functional"] = Snippet(
    """
import tensorflow as tf

base_model = tf.keras.applications.MobileNetV2(input_shape=(96, 96, 3), include_top=False, weights="imagenet")
base_model.trainable = False
inputs = tf.keras.Input(shape=(96, 96, 3))
x = tf.keras.applications.mobilenet_v2.preprocess_input(inputs)
x = base_model(x, training=False)
x = tf.keras.layers.GlobalAveragePooling2D()(x)
outputs = tf.keras.layers.Dense(1)(x)
model = tf.keras.Model(inputs, outputs)
""",
    "GlobalAveragePooling2D Dense",
    ("MobileNetV2 is a pretrained model", "preprocess_input"),
    model="",
)

SNIPPETS["cudnn"] = Snippet(
    """
from keras.layers import CuDNNLSTM, LeakyReLU, Dense, TimeDistributed, Input, SpatialDropout1D, GaussianNoise
from keras.models import Model
from keras.optimizers import Adam

i = Input(batch_shape=(None, 30, 5))
x = GaussianNoise(0.1)(i)
x = CuDNNLSTM(24, return_sequences=True)(x)
x = SpatialDropout1D(0.1)(x)
x = TimeDistributed(Dense(8, kernel_constraint="max_norm"))(x)
x = LeakyReLU(alpha=0.2)(x)
m = Model(input=i, output=x)
m.compile(Adam(lr=3e-4, clipnorm=1.0), loss="mse", metrics=["mae"])
""",
    "GaussianNoise LSTM SpatialDropout1D TimeDistributed LeakyReLU",
    model="",
)

SNIPPETS["transformer_block"] = Snippet(
    """
import keras
from keras import layers

def transformer_encoder(inputs, head_size, num_heads, ff_dim, dropout=0):
    x = layers.MultiHeadAttention(key_dim=head_size, num_heads=num_heads, dropout=dropout)(inputs, inputs)
    x = layers.Dropout(dropout)(x)
    x = layers.LayerNormalization(epsilon=1e-6)(x)
    res = x + inputs
    x = layers.Conv1D(filters=ff_dim, kernel_size=1, activation="relu")(res)
    x = layers.Conv1D(filters=inputs.shape[-1], kernel_size=1)(x)
    return x + res

def build_model(input_shape, n_classes, mlp_units, blocks=2):
    inputs = keras.Input(shape=input_shape)
    x = inputs
    for _ in range(blocks):
        x = transformer_encoder(x, 8, 2, 4) if _ == 0 else layers.Dropout(0.1)(x)
    x = layers.GlobalAveragePooling1D(data_format="channels_last")(x)
    for dim in mlp_units:
        x = layers.Dense(dim, activation="relu")(x)
    outputs = layers.Dense(n_classes, activation="softmax")(x)
    return keras.Model(inputs, outputs)

model = build_model((20, 6), n_classes=4, mlp_units=[16])
""",
    "MultiHeadAttention Dropout LayerNormalization Add Conv1D Conv1D Add Dropout GlobalAveragePooling1D Dense Dense",
)

SNIPPETS["seq2seq_attention"] = Snippet(
    """
from tensorflow.keras.layers import Input, Dense, GRU, Attention, Concatenate, Embedding
from tensorflow.keras.models import Model

source = Input(shape=(None,), name="source")
target = Input(shape=(None,), name="target")
memory = GRU(12, return_sequences=True)(Embedding(50, 6)(source))
state = GRU(12, return_sequences=True)(Embedding(40, 6)(target))
context = Attention()([state, memory])
model = Model([source, target], Dense(40, activation="softmax")(Concatenate()([state, context])))
""",
    "Embedding GRU Embedding GRU Attention Concatenate Dense",
)

SNIPPETS["scaled_by_hand"] = Snippet(
    """
import keras
from keras import layers as L

inputs = L.Input(shape=(8,), dtype="float32")
x = inputs * 0.5 - 1
gate = keras.activations.sigmoid(L.Dense(8)(x))
x = x * gate
x = keras.ops.concatenate([x, inputs], axis=-1)
y = -x
model = keras.Model(inputs, y)
""",
    "Rescaling Rescaling Dense Activation Multiply Concatenate Rescaling",
)

SNIPPETS["functions_of_tensorflow"] = Snippet(
    """
import tensorflow as tf
from tensorflow.keras import layers as L

inputs = L.Input(shape=(8,), dtype=tf.float32)
x = tf.nn.relu(inputs)
x = tf.concat([x, inputs], axis=-1)
x = tf.reduce_mean(x, axis=1)
model = tf.keras.Model(inputs, L.Dense(1)(x))
""",
    "Activation Concatenate Dense",
    ("`tf.reduce_mean(x, axis=1)` is no layer",),
    model="",
)

SNIPPETS["tuner"] = Snippet(
    """
from tensorflow import keras

def build_model(hp):
    model = keras.Sequential()
    model.add(keras.layers.Flatten(input_shape=(28, 28)))
    model.add(keras.layers.Dense(units=hp.Int("units", 32, 512), activation="relu"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model
""",
    "Flatten Dense Dense",
    ("units of Dense is `hp.Int(",),
    model="",
)

SNIPPETS["names_from_elsewhere"] = Snippet(
    """
model = Sequential([
    Dense(n_hidden, activation='relu', input_shape=[len(train_dataset.keys())]),
    MyLayer(3),
    Dense(1, foo=3)
])
""",
    "Dense Dense",
    ("units of Dense is `n_hidden`", "`MyLayer(3)` is no layer", "no parameter “foo”", "input_shape of Dense"),
    model="",
)

SNIPPETS["lines_out_of_a_list"] = Snippet(
    """
    layers.Dense(64, activation="relu"),
    layers.Dropout(0.5),
    layers.Dense(10, activation="softmax"),
""",
    "Dense Dropout Dense",
    model="",
)

SNIPPETS["end_of_a_list"] = Snippet(
    """    Dense(64, activation="relu"),
    # the last one
    Dense(10)
])""",
    "Dense Dense",
    model="",
)

SNIPPETS["notebook"] = Snippet(
    """
!pip install tensorflow
%matplotlib inline
from keras import *
import matplotlib.pyplot as plt
model = models.Sequential([layers.Dense(4, input_shape=(3,)), layers.Dense(2)])
history = model.fit(x, y, epochs=3, callbacks=[callbacks.EarlyStopping(patience=2)])
plt.plot(history.history["loss"])
for epoch in range(100000):
    model.train_on_batch(x, y)
""",
    "Dense Dense",
    model="",
)

SNIPPETS["prompts"] = Snippet(
    """
>>> from keras.layers import Dense
>>> model = keras.Sequential()
>>> for n in (3, 2):
...     model.add(Dense(n))
...
>>> model.output_shape
(None, 2)
""",
    "Dense Dense",
    model="",
)

SNIPPETS["gan"] = Snippet(
    """
from tensorflow.keras import Sequential, layers, optimizers

def make_generator():
    return Sequential([layers.Input((8,)), layers.Dense(16, activation="relu"), layers.Dense(4)], name="generator")

def make_discriminator():
    model = Sequential(name="discriminator")
    model.add(layers.Input((4,)))
    model.add(layers.Dense(16))
    model.add(layers.LeakyReLU(0.2))
    model.add(layers.Dense(1, activation="sigmoid"))
    model.compile("adam", "binary_crossentropy")
    return model

generator, discriminator = make_generator(), make_discriminator()
discriminator.trainable = False
model = Sequential([generator, discriminator])
model.compile(loss="binary_crossentropy", optimizer=optimizers.RMSprop(learning_rate=1e-4))
""",
    "Dense Dense Dense LeakyReLU Dense",
)

SNIPPETS["dense_net"] = Snippet(
    """
from keras import layers, Model, Input

def dense_block(x, blocks, growth, name):
    for i in range(blocks):
        y = layers.BatchNormalization(axis=3, epsilon=1.001e-5, name=name + "_%d_bn" % i)(x)
        y = layers.Conv2D(growth, 3, padding="same", use_bias=False, name=f"{name}_{i}_conv")(y)
        x = layers.Concatenate(axis=3, name="{}_{}_concat".format(name, i))([x, y])
    return x

image = Input(shape=(16, 16, 3))
features = dense_block(image, 3, 4, name="dense1")
features = layers.AveragePooling2D(2, strides=2, name="pool")(features)
features = dense_block(features, 2, 4, "dense2")
model = Model(image, layers.Dense(10)(layers.Flatten()(features)))
""",
    "BatchNormalization Conv2D Concatenate " * 3
    + "AveragePooling2D "
    + "BatchNormalization Conv2D Concatenate " * 2
    + "Flatten Dense",
)

SNIPPETS["partial"] = Snippet(
    """
from functools import partial
from tensorflow import keras

Conv = partial(keras.layers.Conv2D, kernel_size=3, activation="relu", padding="SAME")
model = keras.Sequential([keras.Input((28, 28, 1)), Conv(filters=6, kernel_size=7), keras.layers.MaxPooling2D(2)])
for filters in (8, 8, 16):
    model.add(Conv(filters=filters))
model.add(keras.layers.Flatten())
model.add(keras.layers.Dense(10, activation=keras.layers.LeakyReLU(), kernel_constraint=keras.constraints.MaxNorm(3)))
""",
    "Conv2D MaxPooling2D Conv2D Conv2D Conv2D Flatten Dense",
)

SNIPPETS["blocks_that_are_models"] = Snippet(
    """
import tensorflow as tf

def vgg_block(count, filters):
    block = tf.keras.models.Sequential()
    for _ in range(count):
        block.add(tf.keras.layers.Conv2D(filters, kernel_size=3, padding="same", activation="relu"))
    block.add(tf.keras.layers.MaxPool2D(pool_size=2, strides=2))
    return block

def vgg(blocks):
    net = tf.keras.models.Sequential([tf.keras.Input((32, 32, 1))])
    for (count, filters) in blocks:
        net.add(vgg_block(count, filters))
    net.add(tf.keras.models.Sequential([tf.keras.layers.Flatten(), tf.keras.layers.Dense(16)]))
    return net

model = vgg(((1, 4), (1, 8), (2, 8)))
""",
    "Conv2D MaxPooling2D Conv2D MaxPooling2D Conv2D Conv2D MaxPooling2D Flatten Dense",
)

SNIPPETS["translation"] = Snippet(
    """
from keras.models import Model
from keras.layers import Input, LSTM, Dense

encoder_inputs = Input(shape=(None, 71))
encoder_outputs, state_h, state_c = LSTM(256, return_state=True)(encoder_inputs)
encoder_states = [state_h, state_c]
decoder_inputs = Input(shape=(None, 93))
decoder_outputs, _, _ = LSTM(256, return_sequences=True, return_state=True)(
    decoder_inputs, initial_state=encoder_states
)
model = Model([encoder_inputs, decoder_inputs], Dense(93, activation="softmax")(decoder_outputs))
""",
    "LSTM LSTM Dense",
)

SNIPPETS["settings_in_a_class"] = Snippet(
    """
import keras

class CFG:
    units = [32, 16]
    activation: str = "relu"

class Board(keras.callbacks.Callback):
    rate = 3

cfg = CFG()
query, value = keras.Input((4, 8)), keras.Input((6, 8))
x = keras.layers.MultiHeadAttention(2, 4)(query=query, value=value, key=value, attention_mask=None)
x = keras.layers.RNN([keras.layers.LSTMCell(4), keras.layers.GRUCell(5)])(x)
for units in cfg.units:
    x = keras.layers.Dense(units, activation=CFG.activation)(x)
model = keras.Model([query, value], x)
""",
    "MultiHeadAttention RNN Dense Dense",
)

SNIPPETS["wide_and_deep"] = Snippet(
    """
import keras

COLUMNS = ("age", "income", "rooms")
inputs = {name: keras.Input(shape=(1,), name=name) for name in COLUMNS}
wide = keras.layers.concatenate(list(inputs.values()))
deep = wide
for units in [16] * 2:
    deep = keras.layers.Dense(units)(deep)
    deep = keras.layers.ReLU()(deep)
merged = keras.layers.concatenate([wide, deep])
model = keras.Model(inputs=inputs, outputs=keras.layers.Dense(1)(merged))
""",
    "Concatenate Dense ReLU Dense ReLU Concatenate Dense",
)
