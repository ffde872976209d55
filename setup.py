"""What pyproject.toml cannot say: the experiments come along in a wheel."""

import setuptools

setuptools.setup(
    packages=[
        *setuptools.find_packages(include=["fsn_tf*"]),
        "fsn_tf.experiments",
    ],
    # They stay at the top of the repository, where one looks for them.
    package_dir={"fsn_tf.experiments": "experiments"},
)
