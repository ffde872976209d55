"""The devices that training runs on (tf.distribute)."""

import keras
import tensorflow as tf

from fsn_tf import quietly
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment


def make(name: str, *, logical_cpus: int = 0) -> tf.distribute.Strategy:
    """The tf.distribute strategy of that name; made before anything else.

    Args:
        name: "default", "mirrored", "multiworker" (TF_CONFIG says where) or
            "tpu".
        logical_cpus: Cut the CPU into so many devices, to try a strategy
            where there is no accelerator.
    """
    if logical_cpus:
        cpus = [tf.config.LogicalDeviceConfiguration()] * logical_cpus
        devices = tf.config.list_physical_devices("CPU")
        tf.config.set_logical_device_configuration(devices[0], cpus)
    if name == "mirrored":
        names = [f"CPU:{index}" for index in range(logical_cpus)]
        return tf.distribute.MirroredStrategy(names or None)
    if name == "multiworker":
        return tf.distribute.MultiWorkerMirroredStrategy()
    if name == "tpu":
        connect = tf.distribute.cluster_resolver.TPUClusterResolver.connect
        try:
            return tf.distribute.TPUStrategy(connect())
        except (ValueError, tf.errors.OpError) as error:
            raise InputError(
                f"strategy: no TPU is here: {quietly.reason(error)}"
            ) from error
    return tf.distribute.get_strategy()


def check_one_host(strategy: tf.distribute.Strategy) -> None:
    """Refuses a strategy of many hosts that was not made here.

    Raises:
        InputError: Its hosts would not know of each other.
    """
    resolver = strategy.cluster_resolver
    cluster = resolver.cluster_spec().as_dict() if resolver else {}
    if sum(map(len, cluster.values())) > 1:
        raise InputError(
            'strategy: expected the name, "multiworker", for several hosts'
        )


def compiles(experiment: Experiment) -> bool:
    """Whether XLA compiles a step: where asked to, and where that is faster.

    That is known of temporal CNNs alone, on CPUs, in float32.
    """
    if experiment.jit_compile:
        return True
    if experiment.stream != "features" or experiment.mixed_precision:
        return False
    devices = tf.config.list_logical_devices()
    return all(device.device_type == "CPU" for device in devices)


def check_compilable(
    network: keras.Model,
    experiment: Experiment,
    strategy: tf.distribute.Strategy,
) -> None:
    """XLA cannot compile the exchange of batch statistics between devices.

    Raises:
        InputError: That is what training would do.
    """
    statistics = {
        variable.path.removesuffix("moving_mean")
        for variable in network.non_trainable_variables
        if variable.name == "moving_mean"
    }
    learn = any(
        variable.path.removesuffix("gamma") in statistics
        for variable in network.trainable_variables
    )
    alone = strategy.num_replicas_in_sync == 1
    if experiment.jit_compile and learn and not alone:
        raise InputError(
            "jit_compile: batch norms that learn over several devices cannot "
            "be compiled; choose --batch_norm=none or --jit_compile=false"
        )
